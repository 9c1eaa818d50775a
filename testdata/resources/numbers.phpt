--TEST--
Each new stream takes the next resource number; failed ones take one, too, except for an unknown transport
--FILE--
<?php
$base = (int) stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0)[1];
function used() { global $base; $now = (int) fopen('php://memory', 'r'); $n = $now - $base - 1; $base = $now; return $n; }
stream_context_get_default();
used();
$server = stream_socket_server('tcp://127.0.0.1:0'); echo 'server ', used(), "\n";
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false)); echo 'client ', used(), "\n";
$peer = stream_socket_accept($server); echo 'accept ', used(), "\n";
@stream_socket_accept($server, 0); echo 'failed accept ', used(), "\n";
@stream_socket_server('nowhere'); echo 'unparsable ', used(), "\n";
@stream_socket_client('unix:///no/such.sock'); echo 'failed client ', used(), "\n";
@stream_socket_server('nope://x:1'); echo 'unknown transport ', used(), "\n";
stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0); echo 'pair ', used(), "\n";
stream_context_create(); echo 'context ', used(), "\n";
--EXPECT--
server 1
client 1
accept 1
failed accept 0
unparsable 1
failed client 1
unknown transport 0
pair 2
context 1
