--TEST--
stream_get_contents: until the end, or as many bytes as asked
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener);
fwrite($client, str_repeat('0123456789', 3000));
var_dump(stream_get_contents($peer, 5));
fclose($client);
var_dump(md5(stream_get_contents($peer)) === md5(substr(str_repeat('0123456789', 3000), 5)), stream_get_contents($peer));
var_dump(stream_get_contents($peer, 1, 0));
--EXPECTF--
string(5) "01234"
bool(true)
string(0) ""

Warning: stream_get_contents(): Stream does not support seeking in %s on line %d

Warning: stream_get_contents(): Failed to seek to position 0 in the stream in %s on line %d
bool(false)
