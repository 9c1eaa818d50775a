--TEST--
stream_socket_client: a udp connect only sets the peer; a refusal comes with a later read
--FILE--
<?php
$other = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$name = stream_socket_get_name($other, false);
fclose($other);
$client = stream_socket_client("udp://$name", $code, $message);
var_dump($code, $message, stream_socket_get_name($client, true) === $name);
var_dump(fwrite($client, 'anyone?'));
stream_set_timeout($client, 1);
var_dump(fread($client, 100), feof($client));
--EXPECT--
int(0)
string(0) ""
bool(true)
int(7)
bool(false)
bool(true)
