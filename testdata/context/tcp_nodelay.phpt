--TEST--
Context option socket.tcp_nodelay: on clients and on what a listener accepts, not on the listener
--EXTENSIONS--
sockets
--FILE--
<?php
foreach ([null, ['socket' => ['tcp_nodelay' => true]], ['socket' => ['tcp_nodelay' => false]]] as $options) {
    $context = stream_context_create($options);
    $server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
    $client = stream_socket_client('tcp://' . stream_socket_get_name($server, false), $code, $message, 1, STREAM_CLIENT_CONNECT, $context);
    $peer = stream_socket_accept($server, 1);
    foreach ([$server, $client, $peer] as $stream) {
        echo socket_get_option(socket_import_stream($stream), SOL_TCP, TCP_NODELAY) ? 'on ' : 'off ';
    }
    echo "\n";
}
--EXPECT--
off off off 
off on on 
off off off
