--TEST--
The default context counts for sockets without one, unless flag 16 is given
--FILE--
<?php
$default = stream_context_set_default(['socket' => ['bindto' => '127.0.0.2:0']]);
$server = stream_socket_server('tcp://127.0.0.1:0');
$name = 'tcp://' . stream_socket_get_name($server, false);
var_dump(stream_context_get_options($server));
var_dump(strtok(stream_socket_get_name(stream_socket_client($name), false), ':'));
var_dump(strtok(stream_socket_get_name(stream_socket_client($name, $code, $message, 1, STREAM_CLIENT_CONNECT, null), false), ':'));
$client = stream_socket_client($name, $code, $message, 1, STREAM_CLIENT_CONNECT | 16);
var_dump(strtok(stream_socket_get_name($client, false), ':'));
$client = stream_socket_client($name, $code, $message, 1, STREAM_CLIENT_CONNECT, stream_context_create());
var_dump(strtok(stream_socket_get_name($client, false), ':'));
$client = fsockopen($name);
var_dump(strtok(stream_socket_get_name($client, false), ':'));
$quiet = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN | 16);
var_dump(stream_context_get_options($quiet));
--EXPECT--
array(1) {
  ["socket"]=>
  array(1) {
    ["bindto"]=>
    string(11) "127.0.0.2:0"
  }
}
string(9) "127.0.0.2"
string(9) "127.0.0.2"
string(9) "127.0.0.1"
string(9) "127.0.0.1"
string(9) "127.0.0.1"
array(0) {
}
