--TEST--
stream_socket_accept: also a non-blocking listener is waited on, and what it accepts is blocking
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
stream_set_blocking($server, false);
$began = microtime(true);
var_dump(@stream_socket_accept($server, 0.03), microtime(true) - $began >= 0.029);
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
$peer = stream_socket_accept($server, 0);
var_dump(stream_get_meta_data($peer)['blocked']);
stream_set_timeout($peer, 0, 30000);
$began = microtime(true);
var_dump(fread($peer, 10), stream_get_meta_data($peer)['timed_out'], microtime(true) - $began >= 0.029);
--EXPECT--
bool(false)
bool(true)
bool(true)
bool(false)
bool(true)
bool(true)
