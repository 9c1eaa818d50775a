--TEST--
socket_import_stream: the socket of a stream, of the same descriptor
--EXTENSIONS--
sockets
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
$peer = stream_socket_accept($server);
$socket = socket_import_stream($peer);
var_dump(get_class($socket));
socket_getsockname($socket, $host, $port);
var_dump("$host:$port" === stream_socket_get_name($server, false));
var_dump(socket_set_option($socket, SOL_SOCKET, SO_KEEPALIVE, 1), socket_get_option($socket, SOL_SOCKET, SO_KEEPALIVE));
var_dump(socket_get_option(socket_import_stream($server), SOL_SOCKET, SO_REUSEADDR), socket_get_option(socket_import_stream($server), SOL_SOCKET, SO_TYPE) === SOCK_STREAM);
var_dump(socket_write($socket, 'from the socket'), fread($client, 100));
fwrite($client, 'from the stream');
var_dump(socket_read($socket, 100));
// the stream is kept by the socket
fclose($server);
unset($peer);
var_dump(socket_write($socket, 'still there'), fread($client, 100));
socket_close($socket);
$read = [$client];
$write = $except = null;
var_dump(stream_select($read, $write, $except, 1), fread($client, 1), feof($client));
--EXPECT--
string(6) "Socket"
bool(true)
bool(true)
int(1)
int(1)
bool(true)
int(15)
string(15) "from the socket"
string(15) "from the stream"
int(11)
string(11) "still there"
int(1)
string(0) ""
bool(true)
