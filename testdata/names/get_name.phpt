--TEST--
stream_socket_get_name: both ends of a connection agree
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
$peer = stream_socket_accept($server);
var_dump(stream_socket_get_name($client, false) === stream_socket_get_name($peer, true));
var_dump(stream_socket_get_name($client, true) === stream_socket_get_name($peer, false));
var_dump(stream_socket_get_name($client, true) === stream_socket_get_name($server, false));
var_dump(stream_socket_get_name($server, true));
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(false)
