--TEST--
pfsockopen: gives its stream out again, which is not that of stream_socket_client()
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
[$host, $port] = explode(':', stream_socket_get_name($server, false));
$first = pfsockopen($host, $port, $code, $message, 1);
var_dump(get_resource_type($first), $code, $message, pfsockopen($host, $port) === $first);
$other = stream_socket_client("$host:$port", $code, $message, 1, STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT);
var_dump($other === $first);
$peer = stream_socket_accept($server, 1);
fclose($peer);
$read = [$first];
$write = $except = null;
stream_select($read, $write, $except, 1);
// the dead one is replaced
$next = pfsockopen($host, $port);
var_dump(is_resource($first), is_resource($next));
fclose($next);
fclose($other);
--EXPECT--
string(17) "persistent stream"
int(0)
string(0) ""
bool(true)
bool(false)
bool(false)
bool(true)
