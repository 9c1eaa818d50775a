--TEST--
stream_socket_server: a unix socket is a file that stays behind after the close
--FILE--
<?php
$path = sys_get_temp_dir() . '/phpsock-server-unix-' . getmypid();
$server = stream_socket_server("unix://$path", $code, $message);
var_dump($code, $message, filetype($path), stream_socket_get_name($server, false) === $path);
$client = stream_socket_client("unix://$path");
$peer = stream_socket_accept($server, 1);
fwrite($client, "hello\n");
var_dump(fgets($peer), stream_get_meta_data($peer)['stream_type']);
fclose($server);
clearstatcache();
var_dump(file_exists($path));
var_dump(@stream_socket_server("unix://$path"));
unlink($path);
--EXPECT--
int(0)
string(0) ""
string(6) "socket"
bool(true)
string(6) "hello
"
string(11) "unix_socket"
bool(true)
bool(false)
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-server-unix-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
