--TEST--
stream_socket_accept: the new stream takes the listener's context and time limit
--FILE--
<?php
$context = stream_context_create(['socket' => ['backlog' => 5], 'mine' => ['key' => 'value']]);
$server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
stream_set_timeout($server, 0, 30000);
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
$peer = stream_socket_accept($server, 1);
var_dump(stream_context_get_options($peer));
stream_context_set_option($context, 'mine', 'later', 1);
var_dump(stream_context_get_options($peer)['mine']);
$began = microtime(true);
var_dump(fread($peer, 10), microtime(true) - $began < 0.9);
--EXPECT--
array(2) {
  ["socket"]=>
  array(1) {
    ["backlog"]=>
    int(5)
  }
  ["mine"]=>
  array(1) {
    ["key"]=>
    string(5) "value"
  }
}
array(2) {
  ["key"]=>
  string(5) "value"
  ["later"]=>
  int(1)
}
bool(false)
bool(true)
