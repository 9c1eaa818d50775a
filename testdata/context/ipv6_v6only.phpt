--TEST--
Context option socket.ipv6_v6only: true leaves the IPv4 port free, false takes it too
--SKIPIF--
<?php
if (!@stream_socket_server('tcp://[::1]:0')) die('skip no IPv6 here');
--FILE--
<?php
foreach ([true, false] as $only) {
    $server = stream_socket_server('tcp://[::]:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
        stream_context_create(['socket' => ['ipv6_v6only' => $only]]));
    $port = substr(strrchr(stream_socket_get_name($server, false), ':'), 1);
    var_dump(is_resource(@stream_socket_client("tcp://127.0.0.1:$port")), is_resource(stream_socket_client("tcp://[::1]:$port")));
}
--EXPECT--
bool(false)
bool(true)
bool(true)
bool(true)
