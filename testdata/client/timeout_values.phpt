--TEST--
stream_socket_client: timeouts: not finite is a ValueError, 0 is enough on the loopback, negative means the default
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($server, false);
foreach ([NAN, INF, -INF] as $timeout) {
    try { stream_socket_client("tcp://$name", $code, $message, $timeout); } catch (ValueError $e) { echo $e->getMessage(), "\n"; }
    var_dump($code, $message);
}
foreach ([0, 0.0, 0.0005, -1, -0.5, null, 1e18, 2.5, '3', true] as $timeout) {
    var_dump(is_resource(stream_socket_client("tcp://$name", $code, $message, $timeout)));
}
try { stream_socket_client("tcp://$name", $code, $message, 'soon'); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
--EXPECT--
stream_socket_client(): Argument #4 ($timeout) must be a finite value
NULL
NULL
stream_socket_client(): Argument #4 ($timeout) must be a finite value
NULL
NULL
stream_socket_client(): Argument #4 ($timeout) must be a finite value
NULL
NULL
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
stream_socket_client(): Argument #4 ($timeout) must be of type ?float, string given
