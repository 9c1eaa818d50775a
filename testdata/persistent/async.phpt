--TEST--
STREAM_CLIENT_PERSISTENT with STREAM_CLIENT_ASYNC_CONNECT, and without any connect
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$address = 'tcp://' . stream_socket_get_name($server, false);
$flags = STREAM_CLIENT_ASYNC_CONNECT | STREAM_CLIENT_PERSISTENT;
$first = stream_socket_client($address, $code, $message, 1, $flags);
$write = [$first];
$read = $except = null;
var_dump(get_resource_type($first), $code, $message, stream_select($read, $write, $except, 1));
var_dump(stream_socket_client($address, $code, $message, 1, $flags) === $first);
var_dump(stream_socket_client($address, $code, $message, 1, STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT) === $first);
$peer = stream_socket_accept($server, 1);
var_dump(fwrite($first, 'hello'), fread($peer, 10));
fclose($first);
$idle = stream_socket_client($address, $code, $message, 1, STREAM_CLIENT_PERSISTENT);
var_dump(get_resource_type($idle), stream_socket_get_name($idle, false), fwrite($idle, 'x'));
$next = stream_socket_client($address, $code, $message, 1, STREAM_CLIENT_PERSISTENT);
var_dump($next === $idle, is_resource($idle), is_resource($next));
fclose($next);
--EXPECT--
string(17) "persistent stream"
int(0)
string(0) ""
int(1)
bool(true)
bool(true)
int(5)
string(5) "hello"
string(17) "persistent stream"
bool(false)
int(0)
bool(false)
bool(false)
bool(true)
