--TEST--
stream_socket_server: errno 98 and its text when the unix path exists, whatever it is
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip stock PHP says code 0 and "Unknown error" for unix paths');
--FILE--
<?php
$path = sys_get_temp_dir() . '/phpsock-errno-unix-' . getmypid();
$server = stream_socket_server("unix://$path");
var_dump(@stream_socket_server("unix://$path", $code, $message), $code, $message);
var_dump(error_get_last()['message'] === "stream_socket_server(): Unable to connect to unix://$path (Address already in use)");
fclose($server);
foreach (["unix://$path", "udg://$path", 'unix://' . sys_get_temp_dir()] as $address) {
    var_dump(@stream_socket_server($address, $code, $message, STREAM_SERVER_BIND), $code, $message);
}
unlink($path);
touch($path);
var_dump(@stream_socket_server("unix://$path", $code, $message), $code, $message);
unlink($path);
--EXPECT--
bool(false)
int(98)
string(22) "Address already in use"
bool(true)
bool(false)
int(98)
string(22) "Address already in use"
bool(false)
int(98)
string(22) "Address already in use"
bool(false)
int(98)
string(22) "Address already in use"
bool(false)
int(98)
string(22) "Address already in use"
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-errno-unix-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
