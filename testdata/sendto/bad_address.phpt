--TEST--
stream_socket_sendto: a destination that cannot be parsed is false, with a warning
--FILE--
<?php
$sender = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
foreach (['127.0.0.1', 'nowhere', '[::1]', '[::1', '[::1]1', '/tmp/some.sock'] as $to) {
    var_dump(stream_socket_sendto($sender, 'x', 0, $to));
}
--EXPECTF--
Warning: stream_socket_sendto(): Failed to parse `127.0.0.1' into a valid network address in %s on line %d
bool(false)

Warning: stream_socket_sendto(): Failed to parse `nowhere' into a valid network address in %s on line %d
bool(false)

Warning: stream_socket_sendto(): Failed to parse `[::1]' into a valid network address in %s on line %d
bool(false)

Warning: stream_socket_sendto(): Failed to parse `[::1' into a valid network address in %s on line %d
bool(false)

Warning: stream_socket_sendto(): Failed to parse `[::1]1' into a valid network address in %s on line %d
bool(false)

Warning: stream_socket_sendto(): Failed to parse `/tmp/some.sock' into a valid network address in %s on line %d
bool(false)
