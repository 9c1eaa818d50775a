--TEST--
A blocking read waits for another process
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$child = proc_open([PHP_BINARY, '-n', '-r', '$s = stream_socket_client($argv[1]); usleep(30000); fwrite($s, "one\n"); usleep(10000); fwrite($s, "two\n");',
    '--', 'tcp://' . stream_socket_get_name($listener, false)], [], $pipes);
$peer = stream_socket_accept($listener, 5);
var_dump(fgets($peer), fgets($peer), fgets($peer), feof($peer));
proc_close($child);
--EXPECT--
string(4) "one
"
string(4) "two
"
bool(false)
bool(true)
