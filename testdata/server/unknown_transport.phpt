--TEST--
stream_socket_server: an unknown transport is named in the text, cut to 31 characters, and look-up is case sensitive
--FILE--
<?php
foreach (['TCP://127.0.0.1:0', 'tc://127.0.0.1:0', 'sctp+v2.x-y://h:1', str_repeat('abcdefghij', 5) . '://127.0.0.1:1'] as $address) {
    var_dump(stream_socket_server($address, $code, $message), $code, $message);
}
--EXPECTF--
Warning: stream_socket_server(): Unable to connect to TCP://127.0.0.1:0 (Unable to find the socket transport "TCP" - did you forget to enable it when you configured PHP?) in %s on line %d
bool(false)
int(0)
string(96) "Unable to find the socket transport "TCP" - did you forget to enable it when you configured PHP?"

Warning: stream_socket_server(): Unable to connect to tc://127.0.0.1:0 (Unable to find the socket transport "tc" - did you forget to enable it when you configured PHP?) in %s on line %d
bool(false)
int(0)
string(95) "Unable to find the socket transport "tc" - did you forget to enable it when you configured PHP?"

Warning: stream_socket_server(): Unable to connect to sctp+v2.x-y://h:1 (Unable to find the socket transport "sctp+v2.x-y" - did you forget to enable it when you configured PHP?) in %s on line %d
bool(false)
int(0)
string(104) "Unable to find the socket transport "sctp+v2.x-y" - did you forget to enable it when you configured PHP?"

Warning: stream_socket_server(): Unable to connect to abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij://127.0.0.1:1 (Unable to find the socket transport "abcdefghijabcdefghijabcdefghija" - did you forget to enable it when you configured PHP?) in %s on line %d
bool(false)
int(0)
string(124) "Unable to find the socket transport "abcdefghijabcdefghijabcdefghija" - did you forget to enable it when you configured PHP?"
