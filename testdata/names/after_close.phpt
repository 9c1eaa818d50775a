--TEST--
stream_socket_get_name: the peer's name survives its orderly close, but not a reset
--EXTENSIONS--
sockets
--SKIPIF--
<?php
if (!extension_loaded('sockets') && !is_file(ini_get('extension_dir') . '/sockets.so')) die('skip needs ext/sockets');
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($server, false);
function ready($stream) { $read = [$stream]; $write = $except = null; return stream_select($read, $write, $except, 1); }
$client = stream_socket_client("tcp://$name");
fclose(stream_socket_accept($server));
ready($client);
var_dump(feof($client), stream_socket_get_name($client, true) === $name);
$client = stream_socket_client("tcp://$name");
$peer = stream_socket_accept($server);
// linger 0: close() resets
socket_set_option(socket_import_stream($peer), SOL_SOCKET, SO_LINGER, ['l_onoff' => 1, 'l_linger' => 0]);
fclose($peer);
ready($client);
var_dump(stream_socket_get_name($client, true), is_string(stream_socket_get_name($client, false)));
--EXPECT--
bool(true)
bool(true)
bool(false)
bool(true)
