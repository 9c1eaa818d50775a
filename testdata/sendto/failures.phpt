--TEST--
stream_socket_sendto: what the system refuses: too long, broadcast without the option, out-of-band on udp, a gone peer
--FILE--
<?php
$sender = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$name = stream_socket_get_name($sender, false);
set_error_handler(function ($level, $text) { var_dump($text); });
var_dump(stream_socket_sendto($sender, str_repeat('x', 65508), 0, $name));
var_dump(stream_socket_sendto($sender, 'x', 0, '127.255.255.255:9'));
var_dump(stream_socket_sendto($sender, 'x', STREAM_OOB, $name));
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fclose($b);
var_dump(stream_socket_sendto($a, 'x'));
var_dump(stream_socket_sendto(fopen('php://memory', 'r+'), 'x'));
--EXPECT--
string(41) "stream_socket_sendto(): Message too long
"
int(-1)
string(42) "stream_socket_sendto(): Permission denied
"
int(-1)
string(48) "stream_socket_sendto(): Operation not supported
"
int(-1)
string(36) "stream_socket_sendto(): Broken pipe
"
int(-1)
int(-1)
