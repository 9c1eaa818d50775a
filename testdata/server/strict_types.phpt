--TEST--
stream_socket_server and siblings: under strict_types scalars are not converted
--FILE--
<?php
declare(strict_types=1);
$calls = [
    fn () => stream_socket_server(1),
    fn () => stream_socket_server('tcp://127.0.0.1:0', $a, $b, '12'),
    fn () => stream_socket_client('tcp://127.0.0.1:1', $a, $b, '1'),
    fn () => stream_socket_accept(STDIN, '1'),
    fn () => stream_socket_recvfrom(STDIN, '1'),
    fn () => stream_socket_sendto(STDIN, 1),
    fn () => stream_socket_get_name(STDIN, 1),
    fn () => stream_socket_shutdown(STDIN, '2'),
    fn () => stream_socket_pair('1', 1, 0),
];
foreach ($calls as $call) {
    try { $call(); echo "no error\n"; } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
}
// int is a float all the same
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false), $a, $b, 1);
var_dump(is_resource(stream_socket_accept($server, 1)));
--EXPECT--
stream_socket_server(): Argument #1 ($address) must be of type string, int given
stream_socket_server(): Argument #4 ($flags) must be of type int, string given
stream_socket_client(): Argument #4 ($timeout) must be of type ?float, string given
stream_socket_accept(): Argument #2 ($timeout) must be of type ?float, string given
stream_socket_recvfrom(): Argument #2 ($length) must be of type int, string given
stream_socket_sendto(): Argument #2 ($data) must be of type string, int given
stream_socket_get_name(): Argument #2 ($remote) must be of type bool, int given
stream_socket_shutdown(): Argument #2 ($mode) must be of type int, string given
stream_socket_pair(): Argument #1 ($domain) must be of type int, string given
bool(true)
