--TEST--
stream_socket_pair: what the system refuses is a warning with its errno, and false
--FILE--
<?php
var_dump(stream_socket_pair(STREAM_PF_INET, STREAM_SOCK_STREAM, 0));
var_dump(stream_socket_pair(12345, STREAM_SOCK_STREAM, 0));
var_dump(stream_socket_pair(STREAM_PF_UNIX, 99, 0));
var_dump(stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, STREAM_IPPROTO_TCP));
foreach ([
    fn () => stream_socket_pair(1, 1),
    fn () => stream_socket_pair('unix', 1, 0),
    fn () => stream_socket_pair(1, 1, 0, 0),
] as $call) {
    try { $call(); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
}
--EXPECTF--
Warning: stream_socket_pair(): Failed to create sockets: [95]: Operation not supported in %s on line %d
bool(false)

Warning: stream_socket_pair(): Failed to create sockets: [97]: Address family not supported by protocol in %s on line %d
bool(false)

Warning: stream_socket_pair(): Failed to create sockets: [22]: Invalid argument in %s on line %d
bool(false)

Warning: stream_socket_pair(): Failed to create sockets: [93]: Protocol not supported in %s on line %d
bool(false)
ArgumentCountError: stream_socket_pair() expects exactly 3 arguments, 2 given
TypeError: stream_socket_pair(): Argument #1 ($domain) must be of type int, string given
ArgumentCountError: stream_socket_pair() expects exactly 3 arguments, 4 given
