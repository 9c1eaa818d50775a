--TEST--
stream_socket_client: connects to a listener before anything accepts, by-ref variables 0 and ""
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($server, false);
$code = 'old'; $message = 17;
$client = stream_socket_client("tcp://$name", $code, $message);
var_dump(get_resource_type($client), $code, $message);
var_dump(stream_socket_get_name($client, true) === $name);
var_dump(fwrite($client, "hello\n"));
$peer = stream_socket_accept($server, 0);
var_dump(fgets($peer));
// no transport: tcp
var_dump(is_resource(stream_socket_client($name)));
--EXPECT--
string(6) "stream"
int(0)
string(0) ""
bool(true)
int(6)
string(6) "hello
"
bool(true)
