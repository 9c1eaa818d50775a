--TEST--
Context option socket.so_broadcast: lets udp sockets send to everybody, on servers and clients
--FILE--
<?php
$context = stream_context_create(['socket' => ['so_broadcast' => true]]);
foreach ([null, $context] as $c) {
    $sender = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND, $c);
    var_dump(@stream_socket_sendto($sender, 'x', 0, '127.255.255.255:9'));
    $client = @stream_socket_client('udp://127.255.255.255:9', $code, $message, 1, STREAM_CLIENT_CONNECT, $c);
    var_dump(is_resource($client), $code, $message);
}
--EXPECT--
int(-1)
bool(false)
int(13)
string(17) "Permission denied"
int(1)
bool(true)
int(0)
string(0) ""
