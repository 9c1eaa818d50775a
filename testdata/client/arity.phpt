--TEST--
stream_socket_client: arguments that are too few, too many or of another type
--FILE--
<?php
foreach ([
    fn () => stream_socket_client(),
    fn () => stream_socket_client('x', $a, $b, 1, 4, null, 7),
    fn () => stream_socket_client(new stdClass),
    fn () => stream_socket_client('x', $a, $b, []),
    fn () => stream_socket_client('x', $a, $b, 1, 'x'),
    fn () => stream_socket_client('x', $a, $b, 1, 4, 5),
    fn () => stream_socket_client('x', $a, $b, 1, 4, STDERR),
    fn () => stream_socket_client('x', nothing: 1),
    fn () => stream_socket_client(timeout: 1),
] as $call) {
    try { $call(); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
}
class Address { function __toString() { return 'tcp://127.0.0.1'; } }
var_dump(@stream_socket_client(new Address, $code, $message), $message);
--EXPECTF--
ArgumentCountError: stream_socket_client() expects at least 1 argument, 0 given
ArgumentCountError: stream_socket_client() expects at most 6 arguments, 7 given
TypeError: stream_socket_client(): Argument #1 ($address) must be of type string, stdClass given
TypeError: stream_socket_client(): Argument #4 ($timeout) must be of type ?float, array given
TypeError: stream_socket_client(): Argument #5 ($flags) must be of type int, string given
TypeError: stream_socket_client(): Argument #6 ($context) must be of type resource or null, int given

Warning: stream_socket_client(): Unable to connect to x (Failed to parse address "x") in %s on line %d
TypeError: stream_socket_client(): supplied resource is not a valid Stream-Context resource
Error: Unknown named parameter $nothing
ArgumentCountError: stream_socket_client(): Argument #1 ($address) not passed
bool(false)
string(35) "Failed to parse address "127.0.0.1""
