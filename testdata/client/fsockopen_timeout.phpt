--TEST--
fsockopen: a timeout is -1 or not negative; anything else is a ValueError
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
[$host, $port] = explode(':', stream_socket_get_name($server, false));
foreach ([0, 0.5, -1, null, 30] as $timeout) var_dump(is_resource(fsockopen($host, $port, $code, $message, $timeout)));
foreach ([-2, -0.5, NAN, -INF] as $timeout) {
    try { fsockopen($host, $port, $code, $message, $timeout); } catch (ValueError $e) { echo preg_replace(['/\d+/', '/ \(\$timeout\)/'], ['N', ''], $e->getMessage()), "\n"; }
}
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
fsockopen(): Argument #N must be -N or between N and N
fsockopen(): Argument #N must be -N or between N and N
fsockopen(): Argument #N must be -N or between N and N
fsockopen(): Argument #N must be -N or between N and N
