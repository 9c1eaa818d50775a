--TEST--
Exceptions and ValueErrors of socket functions pass out of a fiber
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$fiber = new Fiber(function () use ($server) { Fiber::suspend(); stream_socket_recvfrom($server, 0); });
$fiber->start();
try { $fiber->resume(); } catch (ValueError $e) { echo $e->getMessage(), "\n"; }
var_dump($fiber->isTerminated());
$fiber = new Fiber(function () use ($server) {
    try { Fiber::suspend(); } catch (RuntimeException $e) { return stream_socket_accept($server, 0); }
});
$fiber->start();
$fiber->throw(new RuntimeException);
var_dump($fiber->getReturn());
--EXPECTF--
stream_socket_recvfrom(): Argument #2 ($length) must be greater than 0
bool(true)

Warning: stream_socket_accept(): Accept failed: Connection timed out in %s on line %d
bool(false)
