--TEST--
stream_socket_shutdown: after STREAM_SHUT_WR the peer sees the end and can still answer
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
$peer = stream_socket_accept($server);
fwrite($client, 'request');
var_dump(stream_socket_shutdown($client, STREAM_SHUT_WR));
var_dump(stream_get_contents($peer), feof($peer));
var_dump(fwrite($peer, 'answer'));
fclose($peer);
var_dump(stream_get_contents($client), feof($client));
var_dump(fwrite($client, 'more'));
--EXPECTF--
bool(true)
string(7) "request"
bool(true)
int(6)
string(6) "answer"
bool(true)

Notice: fwrite(): Send of 4 bytes failed with errno=32 Broken pipe in %s on line %d
bool(false)
