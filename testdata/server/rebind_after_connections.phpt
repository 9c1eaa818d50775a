--TEST--
stream_socket_server: SO_REUSEADDR is always on, a port with connections of a former listener can be bound again at once
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($server, false);
$client = stream_socket_client("tcp://$name");
$peer = stream_socket_accept($server);
fclose($peer);
fclose($server);
var_dump(fread($client, 10));
$again = stream_socket_server("tcp://$name", $code, $message);
var_dump(is_resource($again), $code, $message);
--EXPECT--
string(0) ""
bool(true)
int(0)
string(0) ""
