--TEST--
A signal ends stream_socket_accept() with the text of EINTR, and its handler runs
--EXTENSIONS--
pcntl
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
pcntl_async_signals(true);
pcntl_signal(SIGUSR1, function ($signal) use (&$seen) { $seen = $signal === SIGUSR1; });
$server = stream_socket_server('tcp://127.0.0.1:0');
$child = proc_open(['sh', '-c', 'while sleep 0.03; do kill -USR1 ' . getmypid() . '; done'], [], $pipes);
$from = 'old';
var_dump(stream_socket_accept($server, 10, $from), $from);
proc_terminate($child, 9);
proc_close($child);
var_dump($seen);
--EXPECTF--
Warning: stream_socket_accept(): Accept failed: Interrupted system call in %s on line %d
bool(false)
string(3) "old"
bool(true)
