--TEST--
stream_socket_client: reads give up after default_socket_timeout as it was when the stream was made
--INI--
default_socket_timeout=0
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false), $code, $message, 1);
ini_set('default_socket_timeout', 60);
$began = microtime(true);
var_dump((string) fread($client, 10)); // PHP 8.3 and later: "" and not false
$peer = stream_socket_accept($server, 1);
var_dump((string) fread($peer, 10));
var_dump(microtime(true) - $began < 30);
--EXPECT--
string(0) ""
string(0) ""
bool(true)
