--TEST--
stream_socket_client: a stream client on a datagram path is errno 91, and the other way round
--FILE--
<?php
$path = sys_get_temp_dir() . '/phpsock-client-kind-' . getmypid();
$udg = stream_socket_server("udg://$path-d", $code, $message, STREAM_SERVER_BIND);
$unix = stream_socket_server("unix://$path-s");
var_dump(@stream_socket_client("unix://$path-d", $code, $message), $code, $message);
var_dump(@stream_socket_client("udg://$path-s", $code, $message), $code, $message);
unlink("$path-d");
unlink("$path-s");
--EXPECT--
bool(false)
int(91)
string(30) "Protocol wrong type for socket"
bool(false)
int(91)
string(30) "Protocol wrong type for socket"
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-client-kind-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
