--TEST--
Context options socket.so_rcvbuf and so_sndbuf: bytes, of which Linux makes twice as many; other sizes are refused
--EXTENSIONS--
sockets
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip PHP gets this option in 8.6');
--FILE--
<?php
function buffers(...$streams)
{
    foreach ($streams as $stream) {
        $socket = socket_import_stream($stream);
        echo socket_get_option($socket, SOL_SOCKET, SO_RCVBUF), ' ', socket_get_option($socket, SOL_SOCKET, SO_SNDBUF), ' | ';
    }
    echo "\n";
}
$context = stream_context_create(['socket' => ['so_rcvbuf' => 16384, 'so_sndbuf' => '20480']]);
$server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false), $code, $message, 1, STREAM_CLIENT_CONNECT, $context);
buffers($server, $client, stream_socket_accept($server, 1));
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND, $context);
buffers($server, stream_socket_client('udp://' . stream_socket_get_name($server, false), $code, $message, 1, STREAM_CLIENT_CONNECT, $context));
// of a unix listener's connections the client's end has them
$path = sys_get_temp_dir() . '/phpsock-context-buffers-' . getmypid();
$server = stream_socket_server("unix://$path", $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
buffers($server, stream_socket_client("unix://$path", $code, $message, 1, STREAM_CLIENT_CONNECT, $context));
unlink($path);

foreach (['so_rcvbuf', 'so_sndbuf'] as $option) {
    foreach ([0, -1, 'abc', 1 << 31] as $size) {
        $context = stream_context_create(['socket' => [$option => $size]]);
        var_dump(@stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context), $code, $message);
        var_dump(@stream_socket_client('unix:///no/such', $code, $message, 1, STREAM_CLIENT_CONNECT, $context));
        var_dump(error_get_last()['message'] === "stream_socket_client(): Unable to connect to unix:///no/such ($message)");
    }
}
--EXPECT--
32768 40960 | 32768 40960 | 32768 40960 | 
32768 40960 | 32768 40960 | 
32768 40960 | 32768 40960 | 
bool(false)
int(0)
string(57) "so_rcvbuf context option must be between 1 and 2147483647"
bool(false)
bool(true)
bool(false)
int(0)
string(57) "so_rcvbuf context option must be between 1 and 2147483647"
bool(false)
bool(true)
bool(false)
int(0)
string(57) "so_rcvbuf context option must be between 1 and 2147483647"
bool(false)
bool(true)
bool(false)
int(0)
string(57) "so_rcvbuf context option must be between 1 and 2147483647"
bool(false)
bool(true)
bool(false)
int(0)
string(57) "so_sndbuf context option must be between 1 and 2147483647"
bool(false)
bool(true)
bool(false)
int(0)
string(57) "so_sndbuf context option must be between 1 and 2147483647"
bool(false)
bool(true)
bool(false)
int(0)
string(57) "so_sndbuf context option must be between 1 and 2147483647"
bool(false)
bool(true)
bool(false)
int(0)
string(57) "so_sndbuf context option must be between 1 and 2147483647"
bool(false)
bool(true)
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-context-buffers-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
