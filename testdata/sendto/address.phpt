--TEST--
stream_socket_sendto: destinations without a transport, of this or that form
--FILE--
<?php
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$sender = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$name = stream_socket_get_name($server, false);
$port = substr(strrchr($name, ':'), 1);
foreach ([$name, "localhost:$port", "127.0.0.1:$port/x", '127.0.0.1:' . ($port + 65536)] as $to) {
    var_dump(stream_socket_sendto($sender, 'hello', 0, $to));
    var_dump(stream_socket_recvfrom($server, 100, 0, $from), $from === stream_socket_get_name($sender, false));
}
--EXPECT--
int(5)
string(5) "hello"
bool(true)
int(5)
string(5) "hello"
bool(true)
int(5)
string(5) "hello"
bool(true)
int(5)
string(5) "hello"
bool(true)
