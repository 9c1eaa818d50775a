--TEST--
STREAM_CLIENT_PERSISTENT: on unix and udg sockets
--FILE--
<?php
$path = sys_get_temp_dir() . '/phpsock-persistent-unix-' . getmypid();
$flags = STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT;
$server = stream_socket_server("unix://$path");
$first = stream_socket_client("unix://$path", $code, $message, 1, $flags);
$peer = stream_socket_accept($server, 1);
var_dump(stream_get_meta_data($first)['stream_type'], get_resource_type($first));
var_dump(stream_socket_client("unix://$path", $code, $message, 1, $flags) === $first);
fwrite($peer, "hello\n");
var_dump(fgets($first));
var_dump(pfsockopen("unix://$path") === $first);
$other = pfsockopen("unix://$path");
var_dump(pfsockopen("unix://$path") === $other, stream_get_meta_data($other)['stream_type']);
fclose($peer);
fclose($server);
unlink($path);
// the peer has gone and the path, too
var_dump(@stream_socket_client("unix://$path", $code, $message, 1, $flags), $code, $message);
var_dump(is_resource($first), is_resource($other));
fclose($other);

$server = stream_socket_server("udg://$path", $code, $message, STREAM_SERVER_BIND);
$first = stream_socket_client("udg://$path", $code, $message, 1, $flags);
var_dump(stream_get_meta_data($first)['stream_type'], get_resource_type($first));
fwrite($first, 'datagram');
$again = stream_socket_client("udg://$path", $code, $message, 1, $flags);
var_dump($again === $first, stream_socket_recvfrom($server, 100));
fclose($first);
fclose($server);
unlink($path);
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-persistent-unix-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
--EXPECT--
string(11) "unix_socket"
string(17) "persistent stream"
bool(true)
string(6) "hello
"
bool(false)
bool(true)
string(11) "unix_socket"
bool(false)
int(2)
string(25) "No such file or directory"
bool(false)
bool(true)
string(10) "udg_socket"
string(17) "persistent stream"
bool(true)
string(8) "datagram"
