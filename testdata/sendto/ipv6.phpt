--TEST--
stream_socket_sendto: bracketed IPv6 destinations
--SKIPIF--
<?php
if (!@stream_socket_server('tcp://[::1]:0')) die('skip no IPv6 here');
--FILE--
<?php
$server = stream_socket_server('udp://[::1]:0', $code, $message, STREAM_SERVER_BIND);
$sender = stream_socket_server('udp://[::1]:0', $code, $message, STREAM_SERVER_BIND);
var_dump(stream_socket_sendto($sender, 'hello', 0, stream_socket_get_name($server, false)));
var_dump(stream_socket_recvfrom($server, 100, 0, $from), $from === stream_socket_get_name($sender, false));
--EXPECT--
int(5)
string(5) "hello"
bool(true)
