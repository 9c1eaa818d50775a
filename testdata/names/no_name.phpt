--TEST--
stream_socket_get_name: false without a warning where there is no name
--FILE--
<?php
[$a] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
var_dump(stream_socket_get_name($a, false), stream_socket_get_name($a, true));
var_dump(stream_socket_get_name(STDIN, false), stream_socket_get_name(fopen('php://memory', 'r'), true));
$udp = stream_socket_client('udp://127.0.0.1:1', $code, $message, 1, 0);
var_dump(stream_socket_get_name($udp, false), stream_socket_get_name($udp, true));
foreach ([
    fn () => stream_socket_get_name($a),
    fn () => stream_socket_get_name($a, []),
    fn () => stream_socket_get_name('x', true),
    fn () => stream_socket_get_name(null, true),
] as $call) {
    try { $call(); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
}
fclose($a);
try { stream_socket_get_name($a, true); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
--EXPECT--
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
ArgumentCountError: stream_socket_get_name() expects exactly 2 arguments, 1 given
TypeError: stream_socket_get_name(): Argument #2 ($remote) must be of type bool, array given
TypeError: stream_socket_get_name(): Argument #1 ($socket) must be of type resource, string given
TypeError: stream_socket_get_name(): Argument #1 ($socket) must be of type resource, null given
TypeError: stream_socket_get_name(): supplied resource is not a valid stream resource
