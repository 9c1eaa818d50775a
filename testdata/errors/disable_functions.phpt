--TEST--
disable_functions takes socket functions away
--INI--
disable_functions=stream_socket_server,stream_socket_sendto
--FILE--
<?php
var_dump(function_exists('stream_socket_server'), function_exists('stream_socket_client'));
try { stream_socket_server('tcp://127.0.0.1:0'); } catch (Error $e) { echo $e->getMessage(), "\n"; }
--EXPECT--
bool(false)
bool(true)
Call to undefined function stream_socket_server()
