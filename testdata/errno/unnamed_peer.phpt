--TEST--
stream_socket_accept: the peer of a unix socket that has no name is ""
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip stock PHP gives bytes of uninitialised memory');
--FILE--
<?php
$path = sys_get_temp_dir() . '/phpsock-errno-peer-' . getmypid();
$server = stream_socket_server("unix://$path");
$client = stream_socket_client("unix://$path");
$from = 'old';
$peer = stream_socket_accept($server, 1, $from);
var_dump($from, stream_socket_get_name($peer, true));
unlink($path);
--EXPECT--
string(0) ""
bool(false)
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-errno-peer-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
