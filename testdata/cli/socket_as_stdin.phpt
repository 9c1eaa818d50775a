--TEST--
A child whose standard input and output are a socket of its parent
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
$peer = stream_socket_accept($server);
fwrite($client, "one\ntwo\n");
stream_socket_shutdown($client, STREAM_SHUT_WR);
$child = proc_open([PHP_BINARY, '-n', '-r', 'while (($line = fgets(STDIN)) !== false) echo strrev(trim($line)), "\n";'], [$peer, $peer], $pipes);
fclose($peer);
var_dump(stream_get_contents($client));
var_dump(proc_close($child));
--EXPECT--
string(8) "eno
owt
"
int(0)
