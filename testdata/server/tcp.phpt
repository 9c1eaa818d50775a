--TEST--
stream_socket_server: port 0 is the system's choice, and the by-ref variables become 0 and "" on success
--FILE--
<?php
$code = 'old'; $message = 17;
$server = stream_socket_server('tcp://127.0.0.1:0', $code, $message);
var_dump(get_resource_type($server), $code, $message);
var_dump(preg_match('/^127\.0\.0\.1:[1-9]\d*$/', stream_socket_get_name($server, false)));
var_dump(stream_socket_get_name($server, true));
var_dump(fclose($server));
--EXPECT--
string(6) "stream"
int(0)
string(0) ""
int(1)
bool(false)
bool(true)
