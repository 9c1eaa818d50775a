--TEST--
Context option socket.so_linger: seconds on tcp listeners, clients and what a listener accepts; 0 and less do not linger
--EXTENSIONS--
sockets
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip PHP gets this option in 8.6');
--FILE--
<?php
foreach ([8, '10', 0, -1, null, 1 << 40] as $seconds) {
    $context = stream_context_create(['socket' => ['so_linger' => $seconds]]);
    $server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
    $client = stream_socket_client('tcp://' . stream_socket_get_name($server, false), $code, $message, 1, STREAM_CLIENT_CONNECT, $context);
    foreach ([$server, $client, stream_socket_accept($server, 1)] as $stream) {
        $linger = socket_get_option(socket_import_stream($stream), SOL_SOCKET, SO_LINGER);
        echo $linger['l_onoff'] ? "$linger[l_linger] " : 'off ';
    }
    echo "\n";
}
--EXPECT--
8 8 8 
10 10 10 
off off off 
off off off 
off off off 
65535 65535 65535
