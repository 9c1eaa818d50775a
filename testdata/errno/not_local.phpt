--TEST--
stream_socket_server: errno 99 for an address of another machine, on tcp and udp
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip stock PHP loses the errno of bind(): code 0');
--FILE--
<?php
foreach (['tcp', 'udp'] as $transport) {
    var_dump(stream_socket_server("$transport://203.0.113.7:0", $code, $message, STREAM_SERVER_BIND), $code, $message);
}
--EXPECTF--
Warning: stream_socket_server(): Unable to connect to tcp://203.0.113.7:0 (Cannot assign requested address) in %s on line %d
bool(false)
int(99)
string(31) "Cannot assign requested address"

Warning: stream_socket_server(): Unable to connect to udp://203.0.113.7:0 (Cannot assign requested address) in %s on line %d
bool(false)
int(99)
string(31) "Cannot assign requested address"
