--TEST--
stream_select: waits its time, microseconds may exceed a second, null waits without limit
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$write = $except = null;
foreach ([[0, 20000], [0, 0], [0, null]] as [$seconds, $microseconds]) {
    $read = [$b];
    $began = microtime(true);
    var_dump(stream_select($read, $write, $except, $seconds, $microseconds));
    $took = microtime(true) - $began;
    var_dump($took >= $microseconds / 1e6 && $took < 0.9);
}
fwrite($a, 'x');
foreach ([[null, null], [null, 0], [0, 1500000], [PHP_INT_MAX, 0]] as [$seconds, $microseconds]) {
    $read = [$b];
    var_dump(stream_select($read, $write, $except, $seconds, $microseconds));
}
--EXPECT--
int(0)
bool(true)
int(0)
bool(true)
int(0)
bool(true)
int(1)
int(1)
int(1)
int(1)
