--TEST--
stream_socket_server: unix datagrams over a path; a sender without a path is ""
--FILE--
<?php
$path = sys_get_temp_dir() . '/phpsock-server-udg-' . getmypid();
$server = stream_socket_server("udg://$path", $code, $message, STREAM_SERVER_BIND);
var_dump($code, $message, stream_get_meta_data($server)['stream_type']);
$client = stream_socket_client("udg://$path");
var_dump(fwrite($client, 'one'), fwrite($client, 'two'));
var_dump(stream_socket_recvfrom($server, 100, 0, $from), $from);
var_dump(fread($server, 100));
unlink($path);
--EXPECT--
int(0)
string(0) ""
string(10) "udg_socket"
int(3)
int(3)
string(3) "one"
string(0) ""
string(3) "two"
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-server-udg-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
