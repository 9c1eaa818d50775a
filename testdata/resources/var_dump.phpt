--TEST--
Socket resources: type, text, conversion and comparison
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$id = (int) $server;
ob_start();
var_dump($server);
echo $server, "\n";
print_r([$server]);
echo str_replace("$id", 'ID', ob_get_clean());
var_dump(get_resource_type($server), get_resource_id($server) === $id, is_resource($server), gettype($server));
var_dump($server == $id, $server === $server, (bool) $server, empty($server), is_scalar($server), is_callable($server));
fclose($server);
ob_start();
var_dump($server);
echo str_replace("$id", 'ID', ob_get_clean());
var_dump(get_resource_type($server), is_resource($server), gettype($server), (int) $server === $id);
--EXPECT--
resource(ID) of type (stream)
Resource id #ID
Array
(
    [0] => Resource id #ID
)
string(6) "stream"
bool(true)
bool(true)
string(8) "resource"
bool(true)
bool(true)
bool(true)
bool(false)
bool(false)
bool(false)
resource(ID) of type (Unknown)
string(7) "Unknown"
bool(false)
string(17) "resource (closed)"
bool(true)
