--TEST--
stream_socket_recvfrom: goes past the stream's buffer, newer bytes come first
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener, 1);
fwrite($client, "one\ntwo\n");
var_dump(fgets($peer), stream_get_meta_data($peer)['unread_bytes']);
fwrite($client, "three\n");
var_dump(stream_socket_recvfrom($peer, 100), fgets($peer));
--EXPECT--
string(4) "one
"
int(4)
string(6) "three
"
string(4) "two
"
