--TEST--
Context option socket.bindto: an IPv6 address for an IPv6 target, and none for an IPv4 one
--SKIPIF--
<?php
if (!@stream_socket_server('tcp://[::1]:0')) die('skip no IPv6 here');
--FILE--
<?php
$six = stream_socket_server('tcp://[::1]:0');
$four = stream_socket_server('tcp://127.0.0.1:0');
$context = stream_context_create(['socket' => ['bindto' => '[::1]:0']]);
foreach ([$six, $four] as $server) {
    $client = stream_socket_client('tcp://' . stream_socket_get_name($server, false), $code, $message, 1, STREAM_CLIENT_CONNECT, $context);
    var_dump(preg_replace('/:\d+$/', '', stream_socket_get_name($client, false)));
}
$context = stream_context_create(['socket' => ['bindto' => '127.0.0.1:0']]);
var_dump(@stream_socket_client('tcp://' . stream_socket_get_name($six, false), $code, $message, 1, STREAM_CLIENT_CONNECT, $context));
--EXPECT--
string(5) "[::1]"
string(9) "127.0.0.1"
bool(false)
