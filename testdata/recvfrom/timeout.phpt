--TEST--
stream_socket_recvfrom: stream_set_timeout() does not count for it, it waits until something comes
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
stream_set_timeout($server, 0, 1000);
$child = proc_open([PHP_BINARY, '-n', '-r', 'usleep(40000); fwrite(stream_socket_client($argv[1]), "late");', '--',
    'udp://' . stream_socket_get_name($server, false)], [], $pipes);
var_dump(stream_socket_recvfrom($server, 100), stream_get_meta_data($server)['timed_out']);
proc_close($child);
--EXPECT--
string(4) "late"
bool(false)
