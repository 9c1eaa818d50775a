--TEST--
Context option socket.backlog is converted to int without a check
--FILE--
<?php
foreach ([0, -1, '7', null, true, 1 << 40] as $backlog) {
    $context = stream_context_create(['socket' => ['backlog' => $backlog]]);
    $server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
    var_dump(is_resource(stream_socket_client('tcp://' . stream_socket_get_name($server, false))));
}
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
