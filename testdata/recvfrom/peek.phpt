--TEST--
stream_socket_recvfrom: STREAM_PEEK leaves the data where it is
--FILE--
<?php
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$client = stream_socket_client('udp://' . stream_socket_get_name($server, false));
fwrite($client, 'datagram');
var_dump(stream_socket_recvfrom($server, 4, STREAM_PEEK, $from), $from === stream_socket_get_name($client, false));
var_dump(stream_socket_recvfrom($server, 100, STREAM_PEEK));
var_dump(stream_socket_recvfrom($server, 100));
stream_set_blocking($server, false);
var_dump(stream_socket_recvfrom($server, 100, STREAM_PEEK));
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener, 1);
fwrite($client, 'stream');
var_dump(stream_socket_recvfrom($peer, 3, STREAM_PEEK), stream_socket_recvfrom($peer, 3), stream_socket_recvfrom($peer, 100));
--EXPECT--
string(4) "data"
bool(true)
string(8) "datagram"
string(8) "datagram"
bool(false)
string(3) "str"
string(3) "str"
string(3) "eam"
