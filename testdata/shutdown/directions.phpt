--TEST--
stream_socket_shutdown: one direction after the other, with bytes on their way
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener, 1);
fwrite($client, "question\n");
var_dump(stream_socket_shutdown($client, STREAM_SHUT_WR), @fwrite($client, 'x'), error_get_last()['message']);
var_dump(stream_get_contents($peer), feof($peer));
var_dump(fwrite($peer, "answer\nmore"), fgets($client), stream_get_meta_data($client)['unread_bytes']);
// what is buffered stays readable
var_dump(stream_socket_shutdown($client, STREAM_SHUT_RD), fread($client, 4), fread($client, 10), feof($client));
var_dump(stream_socket_get_name($client, true) === stream_socket_get_name($peer, false));
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($a, 'before');
var_dump(stream_socket_shutdown($b, STREAM_SHUT_RD), fread($b, 6), fread($b, 10), feof($b), @fwrite($a, 'x'), error_get_last()['message']);
var_dump(fwrite($b, 'still'), fread($a, 5));
var_dump(stream_socket_shutdown($a, STREAM_SHUT_RDWR), fread($a, 1), feof($a), @fwrite($b, 'y'), stream_socket_shutdown($a, STREAM_SHUT_RDWR));
--EXPECT--
bool(true)
bool(false)
string(58) "fwrite(): Send of 1 bytes failed with errno=32 Broken pipe"
string(9) "question
"
bool(true)
int(11)
string(7) "answer
"
int(4)
bool(true)
string(4) "more"
string(0) ""
bool(true)
bool(true)
bool(true)
string(6) "before"
string(0) ""
bool(true)
bool(false)
string(58) "fwrite(): Send of 1 bytes failed with errno=32 Broken pipe"
int(5)
string(5) "still"
bool(true)
string(0) ""
bool(true)
bool(false)
bool(true)
