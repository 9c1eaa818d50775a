--TEST--
stream_socket_client: a connected udp socket hears its peer only
--FILE--
<?php
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$stranger = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$client = stream_socket_client('udp://' . stream_socket_get_name($server, false));
$name = stream_socket_get_name($client, false);
stream_socket_sendto($stranger, 'stranger', 0, $name);
stream_socket_sendto($server, 'server', 0, $name);
var_dump(fread($client, 100));
stream_set_blocking($client, false);
var_dump(fread($client, 100));
--EXPECT--
string(6) "server"
string(0) ""
