--TEST--
stream_socket_client: unknown transports and unparsable addresses are code 0
--FILE--
<?php
foreach (['nope://127.0.0.1:1', 'UDP://127.0.0.1:1', 'tcp://127.0.0.1', 'tcp://[::1:80', '', 'udp://'] as $address) {
    var_dump(stream_socket_client($address, $code, $message), $code, $message);
}
--EXPECTF--
Warning: stream_socket_client(): Unable to connect to nope://127.0.0.1:1 (Unable to find the socket transport "nope" - did you forget to enable it when you configured PHP?) in %s on line %d
bool(false)
int(0)
string(97) "Unable to find the socket transport "nope" - did you forget to enable it when you configured PHP?"

Warning: stream_socket_client(): Unable to connect to UDP://127.0.0.1:1 (Unable to find the socket transport "UDP" - did you forget to enable it when you configured PHP?) in %s on line %d
bool(false)
int(0)
string(96) "Unable to find the socket transport "UDP" - did you forget to enable it when you configured PHP?"

Warning: stream_socket_client(): Unable to connect to tcp://127.0.0.1 (Failed to parse address "127.0.0.1") in %s on line %d
bool(false)
int(0)
string(35) "Failed to parse address "127.0.0.1""

Warning: stream_socket_client(): Unable to connect to tcp://[::1:80 (Failed to parse IPv6 address "[::1:80") in %s on line %d
bool(false)
int(0)
string(38) "Failed to parse IPv6 address "[::1:80""

Warning: stream_socket_client(): Unable to connect to  (Failed to parse address "") in %s on line %d
bool(false)
int(0)
string(26) "Failed to parse address """

Warning: stream_socket_client(): Unable to connect to udp:// (Failed to parse address "") in %s on line %d
bool(false)
int(0)
string(26) "Failed to parse address """
