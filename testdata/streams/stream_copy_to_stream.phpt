--TEST--
stream_copy_to_stream: from socket to file and back, whole or in part
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener);
$file = tmpfile();
fwrite($file, str_repeat('data', 10000));
rewind($file);
var_dump(stream_copy_to_stream($file, $client));
fclose($client);
$memory = fopen('php://memory', 'w+');
var_dump(stream_copy_to_stream($peer, $memory, 10), stream_copy_to_stream($peer, $memory), ftell($memory), feof($peer));
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
[$c, $d] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($a, 'from socket to socket');
fclose($a);
var_dump(stream_copy_to_stream($b, $c), fread($d, 100));
--EXPECT--
int(40000)
int(10)
int(39990)
int(40000)
bool(true)
int(21)
string(21) "from socket to socket"
