--TEST--
stream_socket_server: an empty unix path makes Linux pick an abstract name
--FILE--
<?php
$server = stream_socket_server('unix://', $code, $message);
var_dump(is_resource($server), $code, $message, stream_socket_get_name($server, false));
--EXPECT--
bool(true)
int(0)
string(0) ""
bool(false)
