--TEST--
stream_socket_shutdown: every mode on every kind, true when the system call worked, never a warning
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
$peer = stream_socket_accept($server);
var_dump(stream_socket_shutdown($client, STREAM_SHUT_WR), stream_socket_shutdown($client, STREAM_SHUT_WR));
var_dump(stream_socket_shutdown($peer, STREAM_SHUT_RD), fread($peer, 10), feof($peer));
var_dump(stream_socket_shutdown($client, STREAM_SHUT_RDWR));
var_dump(stream_socket_shutdown($server, STREAM_SHUT_RDWR));
var_dump(stream_socket_accept($server, 0));
$udp = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
var_dump(stream_socket_shutdown($udp, STREAM_SHUT_RD));
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
var_dump(stream_socket_shutdown($a, STREAM_SHUT_RDWR), fread($b, 10), feof($b));
var_dump(stream_socket_shutdown(fopen('php://memory', 'r'), STREAM_SHUT_RD));
--EXPECTF--
bool(true)
bool(true)
bool(true)
string(0) ""
bool(true)
bool(true)
bool(true)

Warning: stream_socket_accept(): Accept failed: Invalid argument in %s on line %d
bool(false)
bool(false)
bool(true)
string(0) ""
bool(true)
bool(false)
