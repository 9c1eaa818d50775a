--TEST--
stream_socket_client: a refused connection is errno 111, and the warning names the address
--FILE--
<?php
// A bound socket that does not listen keeps the port from anybody else.
$server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$name = stream_socket_get_name($server, false);
set_error_handler(function ($level, $text) use ($name) { echo $level, ' ', str_replace($name, 'NAME', $text), "\n"; });
var_dump(stream_socket_client("tcp://$name", $code, $message), $code, $message);
var_dump(stream_socket_client("tcp://$name", $code, $message, -5), $code, $message);
--EXPECT--
2 stream_socket_client(): Unable to connect to tcp://NAME (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
2 stream_socket_client(): Unable to connect to tcp://NAME (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
