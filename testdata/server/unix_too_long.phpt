--TEST--
stream_socket_server: a unix path is cut to 107 bytes, an abstract name to 108, each with a notice
--FILE--
<?php
$path = str_pad(sys_get_temp_dir() . '/phpsock-too-long-' . getmypid() . '-', 107, 'x');
$server = stream_socket_server("unix://{$path}yz", $code, $message);
var_dump($code, $message, file_exists($path), stream_socket_get_name($server, false) === $path);
unlink($path);
$server = stream_socket_server("unix://$path");
var_dump(is_resource($server));
unlink($path);
$name = str_pad("\0phpsock" . getmypid(), 108, 'x');
var_dump(is_resource(stream_socket_server("unix://$name")));
fclose(stream_socket_server("unix://$name-more"));
--EXPECTF--
Notice: stream_socket_server(): socket path exceeded the maximum allowed length of 107 bytes and was truncated in %s on line %d
int(0)
string(0) ""
bool(true)
bool(true)
bool(true)
bool(true)

Notice: stream_socket_server(): socket path exceeded the maximum allowed length of 108 bytes and was truncated in %s on line %d
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-too-long-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
