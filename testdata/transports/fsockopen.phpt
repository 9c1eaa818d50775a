--TEST--
fsockopen: the same transports, with a port of its own and no context
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($server, false);
[$host, $port] = explode(':', $name);
foreach ([[$host, (int) $port], ["tcp://$host", (int) $port], ["tcp://$name"], [$name, -1], [$name, 0]] as $arguments) {
    $client = fsockopen(...$arguments);
    var_dump(stream_socket_get_name($client, true) === $name);
}
$code = $message = 'old';
$client = fsockopen($host, $port, $code, $message, 1);
var_dump($code, $message);
$bound = stream_socket_server('tcp://127.0.0.1:0', flags: STREAM_SERVER_BIND);
$port = (int) substr(strrchr(stream_socket_get_name($bound, false), ':'), 1);
var_dump(@fsockopen($host, $port, $code, $message, 1), $code, $message);
var_dump(fsockopen('unix:///no/such.sock', -1, $code, $message), $code, $message);
$udp = fsockopen("udp://$host", $port);
var_dump(stream_get_meta_data($udp)['stream_type'], stream_socket_get_name($udp, true) === "$host:$port");
--EXPECTF--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
int(0)
string(0) ""
bool(false)
int(111)
string(18) "Connection refused"

Warning: fsockopen(): Unable to connect to unix:///no/such.sock:-1 (No such file or directory) in %s on line %d
bool(false)
int(2)
string(25) "No such file or directory"
string(10) "udp_socket"
bool(true)
