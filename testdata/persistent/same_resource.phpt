--TEST--
STREAM_CLIENT_PERSISTENT: the very same resource, with the modes, time and context of before
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$address = 'tcp://' . stream_socket_get_name($server, false);
$flags = STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT;
$context = stream_context_create(['socket' => ['tcp_nodelay' => true]]);
$first = stream_socket_client($address, $code, $message, 1, $flags, $context);
stream_set_blocking($first, false);
stream_set_chunk_size($first, 17);
$code = $message = 'untouched';
$other = stream_context_create();
$again = stream_socket_client($address, $code, $message, 1, $flags, $other);
var_dump($first === $again, (int) $first === (int) $again, $code, $message);
var_dump(stream_get_meta_data($again)['blocked'], stream_set_chunk_size($again, 8192));
var_dump(stream_context_get_options($again));
var_dump(get_resource_type($again), count(get_resources('persistent stream')), count(get_resources('stream')) > 0);
$peer = stream_socket_accept($server, 1);
var_dump(@stream_socket_accept($server, 0));
fclose($again);
var_dump(is_resource($first), get_resource_type($first), count(get_resources('persistent stream')));
--EXPECT--
bool(true)
bool(true)
int(0)
string(0) ""
bool(false)
int(17)
array(1) {
  ["socket"]=>
  array(1) {
    ["tcp_nodelay"]=>
    bool(true)
  }
}
string(17) "persistent stream"
int(1)
bool(true)
bool(false)
bool(false)
string(7) "Unknown"
int(0)
