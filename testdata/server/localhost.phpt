--TEST--
stream_socket_server: a name is resolved and the first address that binds is taken
--FILE--
<?php
$server = stream_socket_server('tcp://localhost:0', $code, $message);
var_dump($code, $message);
$name = stream_socket_get_name($server, false);
var_dump(preg_match('/^(127\.0\.0\.1|\[::1\]):\d+$/', $name));
var_dump(is_resource(stream_socket_client("tcp://$name")));
--EXPECT--
int(0)
string(0) ""
int(1)
bool(true)
