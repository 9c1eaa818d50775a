--TEST--
A signal ends stream_select() with a warning and false, the arrays stay as they were
--EXTENSIONS--
pcntl
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
pcntl_async_signals(true);
pcntl_signal(SIGUSR1, function () use (&$seen) { $seen = true; });
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$child = proc_open(['sh', '-c', 'while sleep 0.03; do kill -USR1 ' . getmypid() . '; done'], [], $pipes);
$read = ['key' => $b];
$write = null;
$except = [$b];
set_error_handler(function ($level, $text) { var_dump($level, preg_replace('/max_fd=\d+/', 'max_fd=N', $text)); });
var_dump(stream_select($read, $write, $except, 10), $read === ['key' => $b], $write, $except === [$b]);
proc_terminate($child, 9);
proc_close($child);
var_dump($seen);
--EXPECT--
int(2)
string(73) "stream_select(): Unable to select [4]: Interrupted system call (max_fd=N)"
bool(false)
bool(true)
NULL
bool(true)
bool(true)
