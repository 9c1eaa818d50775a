--TEST--
A blocking read goes on after signals, whose handlers run when it has returned
--EXTENSIONS--
pcntl
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
pcntl_async_signals(true);
pcntl_signal(SIGUSR1, function () use (&$seen) { $seen = true; });
$server = stream_socket_server('tcp://127.0.0.1:0');
$code = 'usleep(10000); $c = stream_socket_client($argv[1]); usleep(20000); shell_exec("kill -USR1 $argv[2]"); usleep(20000); fwrite($c, "after the signal\n");';
$child = proc_open([PHP_BINARY, '-n', '-r', $code, '--', 'tcp://' . stream_socket_get_name($server, false), getmypid()], [], $pipes);
$peer = stream_socket_accept($server, 5);
var_dump(fgets($peer), stream_get_meta_data($peer)['timed_out'], $seen);
proc_close($child);
--EXPECT--
string(17) "after the signal
"
bool(false)
bool(true)
