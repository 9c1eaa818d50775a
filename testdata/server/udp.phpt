--TEST--
stream_socket_server: a datagram server passes STREAM_SERVER_BIND and answers the sender's name
--FILE--
<?php
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
var_dump($code, $message, stream_get_meta_data($server)['stream_type']);
$client = stream_socket_client('udp://' . stream_socket_get_name($server, false));
fwrite($client, 'ping');
var_dump(stream_socket_recvfrom($server, 100, 0, $from));
var_dump($from === stream_socket_get_name($client, false));
var_dump(stream_socket_sendto($server, 'pong', 0, $from));
var_dump(fread($client, 100));
--EXPECT--
int(0)
string(0) ""
string(10) "udp_socket"
string(4) "ping"
bool(true)
int(4)
string(4) "pong"
