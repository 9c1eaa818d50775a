--TEST--
stream_socket_sendto: empty data is an empty datagram, with fwrite() nothing is sent
--FILE--
<?php
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$client = stream_socket_client('udp://' . stream_socket_get_name($server, false));
stream_set_blocking($server, false);
var_dump(fwrite($client, ''), stream_socket_recvfrom($server, 10));
var_dump(stream_socket_sendto($client, ''), stream_socket_recvfrom($server, 10, 0, $from), $from === stream_socket_get_name($client, false));
var_dump(stream_socket_sendto($client, ''), fread($server, 10), feof($server));
--EXPECT--
int(0)
bool(false)
int(0)
string(0) ""
bool(true)
int(0)
string(0) ""
bool(true)
