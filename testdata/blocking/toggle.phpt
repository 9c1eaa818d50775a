--TEST--
stream_set_blocking: back and forth, on every kind, and its alias
--FILE--
<?php
$streams = [
    stream_socket_server('tcp://127.0.0.1:0'),
    stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND),
    stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0)[0],
];
foreach ($streams as $stream) {
    var_dump(stream_get_meta_data($stream)['blocked'], stream_set_blocking($stream, false), stream_get_meta_data($stream)['blocked']);
    var_dump(socket_set_blocking($stream, true), socket_get_status($stream)['blocked']);
}
var_dump(stream_set_blocking(stream_socket_client('tcp://127.0.0.1:1', $code, $message, 1, 0), false));
fclose($stream);
try { stream_set_blocking($stream, true); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
--EXPECT--
bool(true)
bool(true)
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
bool(false)
bool(true)
bool(true)
bool(false)
stream_set_blocking(): supplied resource is not a valid stream resource
