--TEST--
fclose: closes at once; afterwards every function refuses the stream
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($server, false);
$client = stream_socket_client("tcp://$name");
$peer = stream_socket_accept($server);
var_dump(fclose($peer));
$read = [$client];
$write = $except = null;
var_dump(stream_select($read, $write, $except, 1), feof($client));
foreach (['fclose' => [], 'fread' => [1], 'fwrite' => ['x'], 'feof' => [], 'stream_socket_accept' => [0], 'stream_socket_get_name' => [true],
    'stream_socket_recvfrom' => [1], 'stream_socket_sendto' => ['x'], 'stream_socket_shutdown' => [2], 'stream_get_meta_data' => [],
    'stream_set_timeout' => [1]] as $function => $arguments) {
    try { $function($peer, ...$arguments); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
}
--EXPECT--
bool(true)
int(1)
bool(true)
fclose(): supplied resource is not a valid stream resource
fread(): supplied resource is not a valid stream resource
fwrite(): supplied resource is not a valid stream resource
feof(): supplied resource is not a valid stream resource
stream_socket_accept(): supplied resource is not a valid stream resource
stream_socket_get_name(): supplied resource is not a valid stream resource
stream_socket_recvfrom(): supplied resource is not a valid stream resource
stream_socket_sendto(): supplied resource is not a valid stream resource
stream_socket_shutdown(): supplied resource is not a valid stream resource
stream_get_meta_data(): supplied resource is not a valid stream resource
stream_set_timeout(): supplied resource is not a valid stream resource
