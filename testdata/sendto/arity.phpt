--TEST--
stream_socket_sendto: arguments
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fclose($b);
foreach ([
    fn () => stream_socket_sendto($a),
    fn () => stream_socket_sendto($a, []),
    fn () => stream_socket_sendto($b, 'x'),
    fn () => stream_socket_sendto(1, 'x'),
    fn () => stream_socket_sendto($a, 'x', 0, '', 1),
    fn () => stream_socket_sendto($a, 'x', address: []),
] as $call) {
    try { $call(); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
}
--EXPECT--
ArgumentCountError: stream_socket_sendto() expects at least 2 arguments, 1 given
TypeError: stream_socket_sendto(): Argument #2 ($data) must be of type string, array given
TypeError: stream_socket_sendto(): supplied resource is not a valid stream resource
TypeError: stream_socket_sendto(): Argument #1 ($socket) must be of type resource, int given
ArgumentCountError: stream_socket_sendto() expects at most 4 arguments, 5 given
TypeError: stream_socket_sendto(): Argument #4 ($address) must be of type string, array given
