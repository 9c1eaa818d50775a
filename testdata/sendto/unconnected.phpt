--TEST--
stream_socket_sendto: without a destination on an unconnected socket: a warning that ends in a line feed, and int -1
--FILE--
<?php
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
set_error_handler(function ($level, $text) { var_dump($level, $text); });
var_dump(stream_socket_sendto($server, 'x'));
var_dump(stream_socket_sendto($server, ''));
--EXPECT--
int(2)
string(53) "stream_socket_sendto(): Destination address required
"
int(-1)
int(2)
string(53) "stream_socket_sendto(): Destination address required
"
int(-1)
