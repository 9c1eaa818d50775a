--TEST--
stream_socket_client: a persistent client is given out again, with its buffer
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($server, false);
$flags = STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT;
$first = stream_socket_client("tcp://$name", $code, $message, 1, $flags);
var_dump(get_resource_type($first), $code, $message);
$peer = stream_socket_accept($server, 1);
fwrite($peer, "one\ntwo\n");
var_dump(fgets($first));
$second = stream_socket_client("tcp://$name", $code, $message, 1, $flags);
var_dump($first === $second, fgets($second));
fclose($first);
var_dump(is_resource($second), fread($peer, 10));
--EXPECT--
string(17) "persistent stream"
int(0)
string(0) ""
string(4) "one
"
bool(true)
string(4) "two
"
bool(false)
string(0) ""
