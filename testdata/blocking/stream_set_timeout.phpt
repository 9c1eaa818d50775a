--TEST--
stream_set_timeout: microseconds carry over, a non-socket is refused, negative is no limit
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
var_dump(stream_set_timeout($b, 0, 20999));
$began = microtime(true);
fread($b, 1);
var_dump(microtime(true) - $began >= 0.0195, stream_get_meta_data($b)['timed_out']);
var_dump(stream_set_timeout($b, -1), stream_get_meta_data($b)['timed_out']);
fwrite($a, 'x');
var_dump(fread($b, 1), socket_set_timeout($b, 1, 2500000));
var_dump(stream_set_timeout(fopen('php://memory', 'r'), 1));
try { stream_set_timeout($b, 1.5e300); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
try { stream_set_timeout($b); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(false)
string(1) "x"
bool(true)
bool(false)
TypeError: stream_set_timeout(): Argument #2 ($seconds) must be of type int, float given
ArgumentCountError: stream_set_timeout() expects at least 2 arguments, 1 given
