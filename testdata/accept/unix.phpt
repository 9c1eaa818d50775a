--TEST--
stream_socket_accept: on a unix listener the new stream is named after the path, its peer has no name
--FILE--
<?php
$path = sys_get_temp_dir() . '/phpsock-accept-unix-' . getmypid();
$server = stream_socket_server("unix://$path");
$client = stream_socket_client("unix://$path");
$peer = stream_socket_accept($server, 1);
var_dump(stream_socket_get_name($peer, false) === $path, stream_socket_get_name($peer, true));
var_dump(stream_socket_get_name($client, true) === $path, stream_socket_get_name($client, false));
fwrite($client, 'a');
fwrite($peer, 'b');
var_dump(fread($peer, 10), fread($client, 10));
unlink($path);
--EXPECT--
bool(true)
bool(false)
bool(true)
bool(false)
string(1) "a"
string(1) "b"
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-accept-unix-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
