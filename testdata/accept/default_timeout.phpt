--TEST--
stream_socket_accept: without a timeout default_socket_timeout counts, also when it is changed later
--INI--
default_socket_timeout=0
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
var_dump(stream_socket_accept($server));
var_dump(@stream_socket_accept($server, null));
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false), $code, $message, 1);
ini_set('default_socket_timeout', 1);
var_dump(is_resource(stream_socket_accept($server)));
--EXPECTF--
Warning: stream_socket_accept(): Accept failed: Connection timed out in %s on line %d
bool(false)
bool(false)
bool(true)
