--TEST--
stream_socket_server: abstract unix names work, binary safe, but stream_socket_get_name() never tells them
--FILE--
<?php
$name = "\0phpsock\0abstract\xff" . getmypid();
$server = stream_socket_server("unix://$name", $code, $message);
var_dump($code, $message, stream_socket_get_name($server, false));
$client = stream_socket_client("unix://$name");
$peer = stream_socket_accept($server, 1);
fwrite($peer, 'hello');
var_dump(fread($client, 100), stream_socket_get_name($client, true));
var_dump(file_exists($name));
fclose($server);
$again = stream_socket_server("unix://$name");
var_dump(is_resource($again));
--EXPECT--
int(0)
string(0) ""
bool(false)
string(5) "hello"
bool(false)
bool(false)
bool(true)
