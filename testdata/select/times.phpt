--TEST--
stream_select: times of microseconds, huge ones, and those that are refused
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
function waited($seconds, $microseconds, $stream) {
    $read = [$stream];
    $write = $except = null;
    $began = hrtime(true);
    try {
        $n = stream_select($read, $write, $except, $seconds, $microseconds);
    } catch (ValueError $e) {
        return $e->getMessage();
    }
    $took = (hrtime(true) - $began) / 1e9;
    return $n . ($took >= $seconds + $microseconds / 1e6 ? ' in time' : ' early') . ($took < 0.5 ? '' : ' late');
}
foreach ([[0, 0], [0, 1], [0, 50], [0, 500], [0, 999], [0, 1500], [0, 20500], [0, null]] as [$s, $us]) echo waited($s, $us, $b), "\n";
foreach ([[-1, 0], [0, -1], [null, 1], [-1, -1], [PHP_INT_MIN, 0]] as [$s, $us]) echo waited($s, $us, $b), "\n";
fwrite($a, 'x');
foreach ([[PHP_INT_MAX, 0], [0, PHP_INT_MAX], [PHP_INT_MAX, 999999], [1 << 32, 0], [null, null], [null, 0], [86400 * 365 * 100, 0]] as [$s, $us]) {
    $read = [$b];
    $write = $except = null;
    var_dump(stream_select($read, $write, $except, $s, $us));
}
foreach ([0.5, '0', true, 1.0] as $s) {
    $read = [$b];
    $write = $except = null;
    var_dump(stream_select($read, $write, $except, $s));
}
--EXPECTF--
0 in time
0 in time
0 in time
0 in time
0 in time
0 in time
0 in time
0 in time
stream_select(): Argument #4 ($seconds) must be greater than or equal to 0
stream_select(): Argument #5 ($microseconds) must be greater than or equal to 0
stream_select(): Argument #5 ($microseconds) must be null when argument #4 ($seconds) is null
stream_select(): Argument #4 ($seconds) must be greater than or equal to 0
stream_select(): Argument #4 ($seconds) must be greater than or equal to 0
int(1)
int(1)
int(1)
int(1)
int(1)
int(1)
int(1)

Deprecated: Implicit conversion from float 0.5 to int loses precision in %s on line 26
int(1)
int(1)
int(1)
int(1)
