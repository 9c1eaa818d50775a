--TEST--
fgets: lines over a socket, the last one without an end, and a length
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener);
fwrite($client, "one\r\ntwo\n\nlonger line\nrest");
fclose($client);
var_dump(fgets($peer), fgets($peer), fgets($peer), fgets($peer, 5), fgets($peer), fgets($peer), fgets($peer), feof($peer));
try { fgets($peer, 0); } catch (ValueError $e) { echo $e->getMessage(), "\n"; }
--EXPECT--
string(5) "one
"
string(4) "two
"
string(1) "
"
string(4) "long"
string(8) "er line
"
string(4) "rest"
bool(false)
bool(true)
fgets(): Argument #2 ($length) must be greater than 0
