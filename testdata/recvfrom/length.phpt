--TEST--
stream_socket_recvfrom: the length has to be positive, and the by-ref variable is null before that is checked
--FILE--
<?php
[$a] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
foreach ([0, -1] as $length) {
    $from = 'old';
    try { stream_socket_recvfrom($a, $length, 0, $from); } catch (ValueError $e) { echo $e->getMessage(), "\n"; }
    var_dump($from);
}
foreach ([
    fn () => stream_socket_recvfrom($a),
    fn () => stream_socket_recvfrom($a, 'x'),
    fn () => stream_socket_recvfrom(null, 1),
    fn () => stream_socket_recvfrom($a, 1, 0, $b, 5),
] as $call) {
    try { $call(); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
}
--EXPECT--
stream_socket_recvfrom(): Argument #2 ($length) must be greater than 0
NULL
stream_socket_recvfrom(): Argument #2 ($length) must be greater than 0
NULL
ArgumentCountError: stream_socket_recvfrom() expects at least 2 arguments, 1 given
TypeError: stream_socket_recvfrom(): Argument #2 ($length) must be of type int, string given
TypeError: stream_socket_recvfrom(): Argument #1 ($socket) must be of type resource, null given
ArgumentCountError: stream_socket_recvfrom() expects at most 4 arguments, 5 given
