--TEST--
stream_socket_client: a refused asynchronous connect is readable and writable, and its error shows in the first write
--FILE--
<?php
// A bound socket that does not listen keeps the port from anybody else.
$server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$name = stream_socket_get_name($server, false);
$client = stream_socket_client("tcp://$name", $code, $message, 0, STREAM_CLIENT_ASYNC_CONNECT);
var_dump(is_resource($client), $code, $message);
$read = $write = [$client];
$except = null;
var_dump(stream_select($read, $write, $except, 1), count($read), count($write));
var_dump(stream_socket_get_name($client, true));
var_dump(fwrite($client, 'x'), fread($client, 10), feof($client));
$client = stream_socket_client("tcp://$name", $code, $message, 0, STREAM_CLIENT_ASYNC_CONNECT);
$read = [$client];
$write = $except = null;
stream_select($read, $write, $except, 1);
var_dump(feof($client), fread($client, 10));
--EXPECTF--
bool(true)
int(0)
string(0) ""
int(2)
int(1)
int(1)
bool(false)

Notice: fwrite(): Send of 1 bytes failed with errno=111 Connection refused in %s on line %d
bool(false)
string(0) ""
bool(true)
bool(true)
string(0) ""
