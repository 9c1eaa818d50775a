--TEST--
Context options socket.so_keepalive, tcp_keepidle, tcp_keepintvl, tcp_keepcnt: on listeners, clients and what a listener accepts
--EXTENSIONS--
sockets
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip PHP gets this option in 8.6');
--FILE--
<?php
function keepalive($stream)
{
    $socket = socket_import_stream($stream);
    return [socket_get_option($socket, SOL_SOCKET, SO_KEEPALIVE), ...array_map(
        fn ($option) => socket_get_option($socket, SOL_TCP, $option), [TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT])];
}
$system = keepalive(stream_socket_server('tcp://127.0.0.1:0'));
foreach ([
    ['so_keepalive' => true, 'tcp_keepidle' => 60, 'tcp_keepintvl' => 10, 'tcp_keepcnt' => 5],
    ['so_keepalive' => '1', 'tcp_keepidle' => '80', 'tcp_keepintvl' => 12.9, 'tcp_keepcnt' => '6'],
    ['so_keepalive' => false],
    ['so_keepalive' => true, 'tcp_keepidle' => 'abc', 'tcp_keepintvl' => -1, 'tcp_keepcnt' => null],
] as $options) {
    $context = stream_context_create(['socket' => $options]);
    $server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
    $client = stream_socket_client('tcp://' . stream_socket_get_name($server, false), $code, $message, 1, STREAM_CLIENT_CONNECT, $context);
    foreach ([$server, $client, stream_socket_accept($server, 1)] as $stream) {
        foreach (keepalive($stream) as $i => $value) {
            echo $i && $value === $system[$i] ? 'system' : $value, ' ';
        }
        echo '| ';
    }
    echo "\n";
}
// the other transports look at none of them
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND, stream_context_create(['socket' => ['so_keepalive' => true]]));
var_dump(socket_get_option(socket_import_stream($server), SOL_SOCKET, SO_KEEPALIVE));
--EXPECT--
1 60 10 5 | 1 60 10 5 | 1 60 10 5 | 
1 80 12 6 | 1 80 12 6 | 1 80 12 6 | 
0 system system system | 0 system system system | 0 system system system | 
1 system system system | 1 system system system | 1 system system system | 
int(0)
