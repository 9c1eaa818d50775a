--TEST--
stream_socket_server: errno 24 when the process may not open more files
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip stock PHP loses the errno of socket(): code 0');
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$code = <<<'CODE'
$servers = [];
while ($servers[] = @stream_socket_server('tcp://127.0.0.1:0', $code, $message));
var_dump($code, $message, count($servers) > 20);
foreach (['udp://127.0.0.1:0', 'unix://' . sys_get_temp_dir() . '/phpsock-errno-files-' . getmypid()] as $address) {
    var_dump(@stream_socket_server($address, $code, $message, STREAM_SERVER_BIND), $code);
}
var_dump(@stream_socket_client('tcp://127.0.0.1:1', $code, $message), $code, $message);
CODE;
$child = proc_open(['sh', '-c', 'ulimit -n 100; exec "$0" -n -r "$1"', PHP_BINARY, $code], [1 => ['pipe', 'w']], $pipes);
echo stream_get_contents($pipes[1]);
proc_close($child);
--EXPECT--
int(24)
string(19) "Too many open files"
bool(true)
bool(false)
int(24)
bool(false)
int(24)
bool(false)
int(24)
string(19) "Too many open files"
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-errno-files-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
