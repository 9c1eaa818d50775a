--TEST--
stream_socket_server: an address of another machine cannot be assigned; the warning says "connect" and repeats the address
--FILE--
<?php
var_dump(stream_socket_server('tcp://203.0.113.7:0', $code, $message));
var_dump($message);
var_dump(stream_socket_server('udp://203.0.113.7:0', $code, $message, STREAM_SERVER_BIND));
var_dump($message);
--EXPECTF--
Warning: stream_socket_server(): Unable to connect to tcp://203.0.113.7:0 (Cannot assign requested address) in %s on line %d
bool(false)
string(31) "Cannot assign requested address"

Warning: stream_socket_server(): Unable to connect to udp://203.0.113.7:0 (Cannot assign requested address) in %s on line %d
bool(false)
string(31) "Cannot assign requested address"
