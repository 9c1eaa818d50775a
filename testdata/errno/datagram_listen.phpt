--TEST--
stream_socket_server: datagram transports cannot listen: errno 95, and a path that bind() made stays
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip stock PHP says code 0 and "Unknown error" when listen() fails');
--FILE--
<?php
var_dump(stream_socket_server('udp://127.0.0.1:0', $code, $message), $code, $message);
$path = sys_get_temp_dir() . '/phpsock-errno-udg-' . getmypid();
var_dump(@stream_socket_server("udg://$path", $code, $message), $code, $message, file_exists($path));
unlink($path);
--EXPECTF--
Warning: stream_socket_server(): Unable to connect to udp://127.0.0.1:0 (Operation not supported) in %s on line %d
bool(false)
int(95)
string(23) "Operation not supported"
bool(false)
int(95)
string(23) "Operation not supported"
bool(true)
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-errno-udg-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
