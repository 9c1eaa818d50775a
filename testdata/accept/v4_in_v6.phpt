--TEST--
stream_socket_accept: an IPv4 client of a [::] listener is named as a mapped IPv6 address
--SKIPIF--
<?php
if (!@stream_socket_server('tcp://[::1]:0')) die('skip no IPv6 here');
if (trim(@file_get_contents('/proc/sys/net/ipv6/bindv6only')) === '1') die('skip bindv6only is set');
--FILE--
<?php
$server = stream_socket_server('tcp://[::]:0');
var_dump(preg_match('/^\[::\]:\d+$/', stream_socket_get_name($server, false)));
$port = substr(strrchr(stream_socket_get_name($server, false), ':'), 1);
$client = stream_socket_client("tcp://127.0.0.1:$port");
$peer = stream_socket_accept($server, 1, $from);
var_dump(preg_match('/^\[::ffff:127\.0\.0\.1\]:\d+$/', $from));
var_dump(stream_socket_get_name($peer, false) === "[::ffff:127.0.0.1]:$port");
--EXPECT--
int(1)
int(1)
bool(true)
