--TEST--
stream_socket_client: reads give up after default_socket_timeout as it was when the stream was made
--INI--
default_socket_timeout=0
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false), $code, $message, 1);
ini_set('default_socket_timeout', 60);
var_dump(fread($client, 10), stream_get_meta_data($client)['timed_out']);
$peer = stream_socket_accept($server, 1);
var_dump(fread($peer, 10), stream_get_meta_data($peer)['timed_out']);
--EXPECT--
bool(false)
bool(true)
bool(false)
bool(true)
