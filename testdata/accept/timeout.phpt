--TEST--
stream_socket_accept: waits its time, warns, and leaves the by-ref variable alone
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$from = 'untouched';
foreach ([0, 0.03, 0.0004] as $timeout) {
    $began = microtime(true);
    var_dump(stream_socket_accept($server, $timeout, $from), $from);
    $took = microtime(true) - $began;
    var_dump($took >= $timeout - 0.002 && $took < 0.9);
}
--EXPECTF--
Warning: stream_socket_accept(): Accept failed: Connection timed out in %s on line %d
bool(false)
string(9) "untouched"
bool(true)

Warning: stream_socket_accept(): Accept failed: Connection timed out in %s on line %d
bool(false)
string(9) "untouched"
bool(true)

Warning: stream_socket_accept(): Accept failed: Connection timed out in %s on line %d
bool(false)
string(9) "untouched"
bool(true)
