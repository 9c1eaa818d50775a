--TEST--
stream_socket_recvfrom: streams that are no sockets, and sockets that are none yet
--FILE--
<?php
$none = stream_socket_client('udp://127.0.0.1:1', $code, $message, 1, 0);
$from = 'old';
var_dump(stream_socket_recvfrom($none, 10, 0, $from), $from);
var_dump(stream_socket_recvfrom(fopen('php://memory', 'r+'), 10, 0, $from), $from);
$listener = stream_socket_server('tcp://127.0.0.1:0');
var_dump(stream_socket_recvfrom($listener, 10, 0, $from), $from);
--EXPECT--
bool(false)
NULL
bool(false)
NULL
bool(false)
NULL
