--TEST--
stream_socket_recvfrom: unix datagrams; a sender without a path has the name ""
--FILE--
<?php
$path = sys_get_temp_dir() . '/phpsock-recvfrom-udg-' . getmypid();
$server = stream_socket_server("udg://$path", $code, $message, STREAM_SERVER_BIND);
$client = stream_socket_client("udg://$path");
fwrite($client, 'unnamed');
var_dump(stream_socket_recvfrom($server, 100, STREAM_PEEK, $from), $from);
var_dump(stream_socket_recvfrom($server, 100, 0, $from), $from);
stream_socket_sendto($client, '');
var_dump(stream_socket_recvfrom($server, 100, 0, $from), $from);
unlink($path);
--EXPECT--
string(7) "unnamed"
string(0) ""
string(7) "unnamed"
string(0) ""
string(0) ""
string(0) ""
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-recvfrom-udg-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
