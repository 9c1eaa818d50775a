--TEST--
stream_socket_server: bracketed IPv6 addresses, whose names are bracketed again
--SKIPIF--
<?php
if (!@stream_socket_server('tcp://[::1]:0')) die('skip no IPv6 here');
--FILE--
<?php
$server = stream_socket_server('tcp://[::1]:0', $code, $message);
$name = stream_socket_get_name($server, false);
var_dump($code, $message, preg_match('/^\[::1\]:\d+$/', $name));
$client = stream_socket_client("tcp://$name");
$peer = stream_socket_accept($server, 1, $from);
var_dump($from === stream_socket_get_name($client, false), preg_match('/^\[::1\]:\d+$/', $from));
$udp = stream_socket_server('udp://[0:0:0:0:0:0:0:1]:0', $code, $message, STREAM_SERVER_BIND);
var_dump(preg_match('/^\[::1\]:\d+$/', stream_socket_get_name($udp, false)));
--EXPECT--
int(0)
string(0) ""
int(1)
bool(true)
int(1)
int(1)
