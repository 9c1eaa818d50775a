--TEST--
stream_socket_accept: streams that are not listening sockets
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
$udp = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
[$pair] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
var_dump(stream_socket_accept($client, 0));
var_dump(stream_socket_accept($udp, 0));
var_dump(stream_socket_accept($pair, 0));
var_dump(stream_socket_accept(fopen('php://memory', 'r'), 0));
fclose($server);
try { stream_socket_accept($server, 0); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
try { stream_socket_accept(stream_context_create(), 0); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
try { stream_socket_accept('tcp', 0); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
try { stream_socket_accept(); } catch (ArgumentCountError $e) { echo $e->getMessage(), "\n"; }
--EXPECTF--
Warning: stream_socket_accept(): Accept failed: Connection timed out in %s on line %d
bool(false)

Warning: stream_socket_accept(): Accept failed: Connection timed out in %s on line %d
bool(false)

Warning: stream_socket_accept(): Accept failed: Unknown error in %s on line %d
bool(false)

Warning: stream_socket_accept(): Accept failed: Unknown error in %s on line %d
bool(false)
stream_socket_accept(): supplied resource is not a valid stream resource
stream_socket_accept(): supplied resource is not a valid stream resource
stream_socket_accept(): Argument #1 ($socket) must be of type resource, string given
stream_socket_accept() expects at least 1 argument, 0 given
