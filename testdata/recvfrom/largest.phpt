--TEST--
stream_socket_recvfrom: datagrams of 65507 bytes, the most that IPv4 carries
--FILE--
<?php
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$client = stream_socket_client('udp://' . stream_socket_get_name($server, false));
$data = '';
for ($i = 0; strlen($data) < 65507; $i++) $data .= pack('N', $i);
$data = substr($data, 0, 65507);
var_dump(stream_socket_sendto($client, $data));
$got = stream_socket_recvfrom($server, 70000, 0, $from);
var_dump($got === $data, $from === stream_socket_get_name($client, false));
var_dump(fwrite($client, $data));
stream_set_chunk_size($server, 65536);
var_dump(fread($server, 70000) === $data);
var_dump(stream_socket_sendto($client, $data . 'x'));
--EXPECTF--
int(65507)
bool(true)
bool(true)
int(65507)
bool(true)

Warning: stream_socket_sendto(): Message too long
 in %s on line %d
int(-1)
