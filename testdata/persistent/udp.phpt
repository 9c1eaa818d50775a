--TEST--
STREAM_CLIENT_PERSISTENT: a udp client stays, also when nobody listens
--FILE--
<?php
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$name = stream_socket_get_name($server, false);
$flags = STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT;
$first = stream_socket_client("udp://$name", $code, $message, 1, $flags);
$again = stream_socket_client("udp://$name", $code, $message, 1, $flags);
var_dump($first === $again, get_resource_type($first), fwrite($again, 'one'));
var_dump(stream_socket_recvfrom($server, 10, 0, $from), $from === stream_socket_get_name($first, false));
stream_socket_sendto($server, 'answer', 0, $from);
$third = stream_socket_client("udp://$name", $code, $message, 1, $flags);
var_dump($third === $first, fread($third, 100));
[$host, $port] = explode(':', $name);
$p = pfsockopen("udp://$host", $port);
var_dump($p === $first, pfsockopen("udp://$host", $port) === $p, stream_get_meta_data($p)['stream_type']);
fclose($first);
fclose($p);
--EXPECT--
bool(true)
string(17) "persistent stream"
int(3)
string(3) "one"
bool(true)
bool(true)
string(6) "answer"
bool(false)
bool(true)
string(10) "udp_socket"
