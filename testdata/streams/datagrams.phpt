--TEST--
fread: on datagram sockets a read is a datagram, cut at the chunk size, its rest is kept for the next read
--FILE--
<?php
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$client = stream_socket_client('udp://' . stream_socket_get_name($server, false));
fwrite($client, 'first');
var_dump(fread($server, 2), fread($server, 3));
fwrite($client, 'second');
var_dump(fread($server, 100));
fwrite($client, str_repeat('x', 9000));
fwrite($client, 'after');
var_dump(strlen(fread($server, 10000)), fread($server, 100));
var_dump(stream_set_chunk_size($server, 65536));
fwrite($client, str_repeat('x', 9000));
var_dump(strlen(fread($server, 10000)));
var_dump(stream_set_read_buffer($server, 0));
fwrite($client, 'datagram');
fwrite($client, 'next');
var_dump(fread($server, 4), fread($server, 100));
--EXPECT--
string(2) "fi"
string(3) "rst"
string(6) "second"
int(8192)
string(5) "after"
int(8192)
int(9000)
int(0)
string(4) "data"
string(4) "next"
