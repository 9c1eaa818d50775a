--TEST--
stream_socket_accept: a client that has already gone is still accepted, with what it sent
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
fwrite($client, "last words");
fclose($client);
$peer = stream_socket_accept($server, 1, $from);
var_dump(preg_match('/^127\.0\.0\.1:\d+$/', $from), fread($peer, 100), fread($peer, 100), feof($peer));
--EXPECT--
int(1)
string(10) "last words"
string(0) ""
bool(true)
