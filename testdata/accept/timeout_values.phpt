--TEST--
stream_socket_accept: not finite is a ValueError, negative means no limit
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
foreach ([NAN, INF, -INF] as $timeout) {
    try { stream_socket_accept($server, $timeout); } catch (ValueError $e) { echo $e->getMessage(), "\n"; }
}
var_dump(is_resource(stream_socket_accept($server, -1)));
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
var_dump(is_resource(stream_socket_accept($server, 1e15)));
--EXPECT--
stream_socket_accept(): Argument #2 ($timeout) must be a finite value
stream_socket_accept(): Argument #2 ($timeout) must be a finite value
stream_socket_accept(): Argument #2 ($timeout) must be a finite value
bool(true)
bool(true)
