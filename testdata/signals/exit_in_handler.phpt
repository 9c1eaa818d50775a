--TEST--
A signal handler may end the script while a socket function waits
--EXTENSIONS--
pcntl
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
pcntl_async_signals(true);
pcntl_signal(SIGUSR1, function () { pcntl_signal(SIGUSR1, SIG_IGN); echo "handler\n"; exit; });
register_shutdown_function(function () { echo "shutdown\n"; proc_terminate($GLOBALS['child'], 9); });
$server = stream_socket_server('tcp://127.0.0.1:0');
$child = proc_open(['sh', '-c', 'while sleep 0.03; do kill -USR1 ' . getmypid() . '; done'], [], $pipes);
@stream_socket_accept($server, 10);
echo "not reached\n";
--EXPECT--
handler
shutdown
