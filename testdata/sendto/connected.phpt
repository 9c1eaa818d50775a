--TEST--
stream_socket_sendto: on connected streams it sends, past write filters only when it is plain
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener, 1);
var_dump(stream_socket_sendto($client, 'hello'), fread($peer, 5));
stream_filter_append($client, 'string.toupper', STREAM_FILTER_WRITE);
var_dump(stream_socket_sendto($client, 'filtered'), fread($peer, 8));
var_dump(stream_socket_sendto($client, '!', STREAM_OOB));
var_dump(stream_socket_sendto($client, '!', 0, '127.0.0.1:9'));
--EXPECTF--
int(5)
string(5) "hello"
int(8)
string(8) "filtered"

Warning: stream_socket_sendto(): Cannot write OOB data, or data to a targeted address on a filtered stream in %s on line %d
int(-1)

Warning: stream_socket_sendto(): Cannot write OOB data, or data to a targeted address on a filtered stream in %s on line %d
int(-1)
