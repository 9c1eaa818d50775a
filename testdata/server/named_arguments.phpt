--TEST--
stream_socket_server: named arguments skip the by-ref variables
--FILE--
<?php
$server = stream_socket_server(flags: STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, address: 'tcp://127.0.0.1:0');
var_dump(is_resource($server));
$server = stream_socket_server('udp://127.0.0.1:0', flags: STREAM_SERVER_BIND, error_message: $message);
var_dump(is_resource($server), $message);
var_dump(@stream_socket_server('nowhere', error_message: $message), $message);
try { stream_socket_server('x', address: 'y'); } catch (Error $e) { echo $e->getMessage(), "\n"; }
--EXPECT--
bool(true)
bool(true)
string(0) ""
bool(false)
string(33) "Failed to parse address "nowhere""
Named parameter $address overwrites previous argument
