--TEST--
stream_socket_server: without a transport, or with a prefix of one letter, the address is tcp
--FILE--
<?php
$server = stream_socket_server('127.0.0.1:0');
var_dump(strtok(stream_get_meta_data($server)['stream_type'], '/'));
var_dump(strtok(stream_socket_get_name($server, false), ':'));
// the host of the first is "1", that is 0.0.0.1
foreach (['1://127.0.0.1:0', 'a'] as $address) {
    var_dump(@stream_socket_server($address, $code, $message), $message);
}
--EXPECT--
string(10) "tcp_socket"
string(9) "127.0.0.1"
bool(false)
string(31) "Cannot assign requested address"
bool(false)
string(27) "Failed to parse address "a""
