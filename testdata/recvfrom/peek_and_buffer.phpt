--TEST--
STREAM_PEEK: looks at what the socket has, not at what is buffered, and takes nothing
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($a, "first\nsecond\n");
var_dump(stream_socket_recvfrom($b, 5, STREAM_PEEK), stream_socket_recvfrom($b, 100, STREAM_PEEK));
var_dump(fgets($b));
stream_set_blocking($b, false);
var_dump(stream_socket_recvfrom($b, 100, STREAM_PEEK));
fwrite($a, 'third');
var_dump(stream_socket_recvfrom($b, 100, STREAM_PEEK), fgets($b), stream_socket_recvfrom($b, 100, STREAM_PEEK), fread($b, 100), feof($b));
fwrite($a, 'end');
fclose($a);
var_dump(stream_socket_recvfrom($b, 100, STREAM_PEEK), feof($b), fread($b, 100), stream_socket_recvfrom($b, 100, STREAM_PEEK), feof($b));
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$client = stream_socket_client('udp://' . stream_socket_get_name($server, false));
foreach (['long datagram', '', 'x'] as $data) stream_socket_sendto($client, $data);
var_dump(stream_socket_recvfrom($server, 4, STREAM_PEEK, $from), stream_socket_recvfrom($server, 100, STREAM_PEEK, $again), $from === $again);
var_dump(stream_socket_recvfrom($server, 4), stream_socket_recvfrom($server, 100, STREAM_PEEK), stream_socket_recvfrom($server, 100), stream_socket_recvfrom($server, 100));
--EXPECT--
string(5) "first"
string(13) "first
second
"
string(6) "first
"
bool(false)
string(5) "third"
string(7) "second
"
string(5) "third"
string(5) "third"
bool(false)
string(3) "end"
bool(false)
string(3) "end"
string(0) ""
bool(true)
string(4) "long"
string(13) "long datagram"
bool(true)
string(4) "long"
string(0) ""
string(0) ""
string(1) "x"
