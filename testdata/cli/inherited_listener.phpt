--TEST--
Descriptors are inherited: a child accepts on the listener of its parent through php://fd
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$code = '$server = fopen("php://fd/3", "r+"); $peer = stream_socket_accept($server, 5, $from); fwrite($peer, strtoupper(fgets($peer)));';
$child = proc_open([PHP_BINARY, '-n', '-r', $code], [3 => $server], $pipes);
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
fwrite($client, "served by the child\n");
var_dump(fgets($client));
proc_close($child);
// without being passed on explicitly, too
$inode = fstat($server)['ino'];
foreach (scandir('/proc/self/fd') as $fd) {
    if (@readlink("/proc/self/fd/$fd") === "socket:[$inode]") break;
}
$child = proc_open([PHP_BINARY, '-n', '-r', str_replace('/3', "/$fd", $code)], [], $pipes);
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
fwrite($client, "served by the next child\n");
var_dump(fgets($client));
proc_close($child);
--EXPECT--
string(20) "SERVED BY THE CHILD
"
string(25) "SERVED BY THE NEXT CHILD
"
