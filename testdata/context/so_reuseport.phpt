--TEST--
Context option socket.so_reuseport: several listeners on one port, when all of them say so
--FILE--
<?php
$context = stream_context_create(['socket' => ['so_reuseport' => true]]);
$flags = STREAM_SERVER_BIND | STREAM_SERVER_LISTEN;
$first = stream_socket_server('tcp://127.0.0.1:0', $code, $message, $flags, $context);
$name = stream_socket_get_name($first, false);
var_dump(is_resource(stream_socket_server("tcp://$name", $code, $message, $flags, $context)), $message);
var_dump(@stream_socket_server("tcp://$name", $code, $message, $flags), $message);
--EXPECT--
bool(true)
string(0) ""
bool(false)
string(22) "Address already in use"
