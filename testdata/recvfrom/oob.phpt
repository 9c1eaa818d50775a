--TEST--
stream_socket_recvfrom: out-of-band data is apart from the stream, and only there when it was sent
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener, 1);
var_dump(stream_socket_recvfrom($peer, 10, STREAM_OOB));
var_dump(fwrite($client, 'normal'), stream_socket_sendto($client, '!', STREAM_OOB));
$read = $write = null;
$except = [$peer];
var_dump(stream_select($read, $write, $except, 1), count($except));
var_dump(stream_socket_recvfrom($peer, 10, STREAM_OOB | STREAM_PEEK));
var_dump(stream_socket_recvfrom($peer, 10, STREAM_OOB));
var_dump(stream_socket_recvfrom($peer, 10));
--EXPECT--
bool(false)
int(6)
int(1)
int(1)
int(1)
string(1) "!"
string(1) "!"
string(6) "normal"
