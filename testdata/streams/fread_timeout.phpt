--TEST--
fread: nothing within the time limit is false and timed_out, which the next blocking read clears
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
foreach ([20000, 1000] as $microseconds) {
    var_dump(stream_set_timeout($b, 0, $microseconds));
    $began = microtime(true);
    var_dump(fread($b, 10), stream_get_meta_data($b)['timed_out'], feof($b));
    var_dump(microtime(true) - $began >= $microseconds / 1e6 - 0.001);
}
fwrite($a, 'x');
stream_set_timeout($b, 1);
var_dump(stream_get_meta_data($b)['timed_out'], fread($b, 10), stream_get_meta_data($b)['timed_out']);
--EXPECT--
bool(true)
bool(false)
bool(true)
bool(false)
bool(true)
bool(true)
bool(false)
bool(true)
bool(false)
bool(true)
bool(false)
string(1) "x"
bool(false)
