--TEST--
stream_socket_server: 0.0.0.0 binds all IPv4 interfaces and is named so
--FILE--
<?php
$server = stream_socket_server('tcp://0.0.0.0:0');
[$host, $port] = explode(':', stream_socket_get_name($server, false));
var_dump($host);
$client = stream_socket_client("tcp://127.0.0.1:$port");
$peer = stream_socket_accept($server, 1);
var_dump(stream_socket_get_name($peer, false) === "127.0.0.1:$port");
--EXPECT--
string(7) "0.0.0.0"
bool(true)
