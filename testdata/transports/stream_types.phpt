--TEST--
stream_get_meta_data: each transport has a stream type of its own, ext/openssl makes tcp its own
--FILE--
<?php
$path = sys_get_temp_dir() . '/phpsock-stream-types-' . getmypid();
foreach (['tcp://127.0.0.1:0', 'udp://127.0.0.1:0', "unix://$path-u", "udg://$path-d"] as $address) {
    echo stream_get_meta_data(stream_socket_server($address, $code, $message, STREAM_SERVER_BIND))['stream_type'], "\n";
    echo stream_get_meta_data(stream_socket_server($address, $code, $message, 0))['stream_type'], "\n";
}
array_map('unlink', ["$path-u", "$path-d"]);
--EXPECTF--
tcp_socket%S
tcp_socket%S
udp_socket
udp_socket
unix_socket
unix_socket
udg_socket
udg_socket
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-stream-types-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
