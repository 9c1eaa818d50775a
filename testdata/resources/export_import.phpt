--TEST--
socket_import_stream, socket_export_stream: there and back, options set on one side count on the other
--EXTENSIONS--
sockets
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($server, false);
$socket = socket_import_stream($server);
var_dump(socket_getsockname($socket, $host, $port), "$host:$port" === $name, socket_export_stream($socket) === $server);
var_dump(socket_set_option($socket, SOL_SOCKET, SO_KEEPALIVE, 1), socket_get_option(socket_import_stream($server), SOL_SOCKET, SO_KEEPALIVE) !== 0);
$client = stream_socket_client("tcp://$name");
$accepted = socket_accept($socket);
$peer = socket_export_stream($accepted);
var_dump(strtok(stream_get_meta_data($peer)['stream_type'], '/'), stream_socket_get_name($peer, true) === stream_socket_get_name($client, false));
var_dump(socket_write($accepted, "by socket\n"), fgets($client), fwrite($peer, "by stream\n"), fgets($client));
fwrite($client, "one\ntwo\n");
var_dump(fgets($peer), stream_get_meta_data($peer)['unread_bytes']);
socket_set_nonblock($accepted);
var_dump(stream_get_meta_data($peer)['blocked'], stream_set_blocking($peer, false), stream_set_blocking($peer, true));
// closing either closes the other
socket_close($accepted);
var_dump(is_resource($peer), stream_get_contents($client));
fclose($server);
try {
    var_dump(@socket_listen($socket));
} catch (Error $e) {
    echo get_class($e), ': ', $e->getMessage(), "\n";
}
$path = sys_get_temp_dir() . '/phpsock-export-import-' . getmypid();
$unix = socket_create(AF_UNIX, SOCK_STREAM, 0);
socket_bind($unix, $path);
socket_listen($unix);
$stream = socket_export_stream($unix);
var_dump(stream_get_meta_data($stream)['stream_type'], stream_socket_get_name($stream, false) === $path);
$client = stream_socket_client("unix://$path");
fwrite($client, 'on a path');
var_dump(fread(@stream_socket_accept($stream, 1), 100));
$udg = socket_create(AF_UNIX, SOCK_DGRAM, 0);
var_dump(stream_get_meta_data(socket_export_stream($udg))['stream_type']);
unlink($path);
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$imported = socket_import_stream($a);
var_dump(socket_write($imported, 'pair'), fread($b, 10), socket_export_stream($imported) === $a);
var_dump(@socket_import_stream(fopen('php://memory', 'r')));
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-export-import-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
string(10) "tcp_socket"
bool(true)
int(10)
string(10) "by socket
"
int(10)
string(10) "by stream
"
string(4) "one
"
int(4)
bool(false)
bool(true)
bool(true)
bool(false)
string(0) ""
bool(false)
string(11) "unix_socket"
bool(true)
string(9) "on a path"
string(10) "udg_socket"
int(4)
string(4) "pair"
bool(true)
bool(false)
