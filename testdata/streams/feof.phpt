--TEST--
feof: sees the end before any read did, never waits, and buffered bytes come first
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener);
$began = microtime(true);
var_dump(feof($peer), microtime(true) - $began < 0.5, stream_get_meta_data($peer)['eof']);
fwrite($client, "a\nb\n");
fclose($client);
usleep(5000);
var_dump(feof($peer), fgets($peer), feof($peer), fgets($peer), feof($peer), stream_get_meta_data($peer)['eof']);
--EXPECT--
bool(false)
bool(true)
bool(false)
bool(false)
string(2) "a
"
bool(false)
string(2) "b
"
bool(true)
bool(true)
