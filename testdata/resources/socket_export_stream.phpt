--TEST--
socket_export_stream: a stream of the socket's transport
--EXTENSIONS--
sockets
--FILE--
<?php
$socket = socket_create(AF_INET, SOCK_STREAM, SOL_TCP);
socket_bind($socket, '127.0.0.1');
socket_listen($socket);
$server = socket_export_stream($socket);
var_dump(strtok(stream_get_meta_data($server)['stream_type'], '/'), socket_export_stream($socket) === $server);
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
$peer = stream_socket_accept($server, 1, $from);
var_dump($from === stream_socket_get_name($client, false), fwrite($peer, 'hello'), fread($client, 5));
$udp = socket_create(AF_INET, SOCK_DGRAM, SOL_UDP);
socket_set_nonblock($udp);
var_dump(stream_get_meta_data(socket_export_stream($udp))['stream_type'], stream_get_meta_data(socket_export_stream($udp))['blocked']);
--EXPECT--
string(10) "tcp_socket"
bool(true)
bool(true)
int(5)
string(5) "hello"
string(10) "udp_socket"
bool(false)
