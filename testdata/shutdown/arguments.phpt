--TEST--
stream_socket_shutdown: other modes are a ValueError, even on streams that are no sockets
--FILE--
<?php
$memory = fopen('php://memory', 'r');
foreach ([3, -1, 1000] as $mode) {
    try { stream_socket_shutdown($memory, $mode); } catch (ValueError $e) { echo $e->getMessage(), "\n"; }
}
foreach ([
    fn () => stream_socket_shutdown($memory),
    fn () => stream_socket_shutdown('x', 1),
    fn () => stream_socket_shutdown($memory, 'x'),
    fn () => stream_socket_shutdown($memory, 1, 2),
] as $call) {
    try { $call(); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
}
fclose($memory);
try { stream_socket_shutdown($memory, 7); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
--EXPECT--
stream_socket_shutdown(): Argument #2 ($mode) must be one of STREAM_SHUT_RD, STREAM_SHUT_WR, or STREAM_SHUT_RDWR
stream_socket_shutdown(): Argument #2 ($mode) must be one of STREAM_SHUT_RD, STREAM_SHUT_WR, or STREAM_SHUT_RDWR
stream_socket_shutdown(): Argument #2 ($mode) must be one of STREAM_SHUT_RD, STREAM_SHUT_WR, or STREAM_SHUT_RDWR
ArgumentCountError: stream_socket_shutdown() expects exactly 2 arguments, 1 given
TypeError: stream_socket_shutdown(): Argument #1 ($stream) must be of type resource, string given
TypeError: stream_socket_shutdown(): Argument #2 ($mode) must be of type int, string given
ArgumentCountError: stream_socket_shutdown() expects exactly 2 arguments, 3 given
ValueError: stream_socket_shutdown(): Argument #2 ($mode) must be one of STREAM_SHUT_RD, STREAM_SHUT_WR, or STREAM_SHUT_RDWR
