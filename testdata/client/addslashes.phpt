--TEST--
stream_socket_client: the address is quoted in the warning as addslashes() does, a NUL too
--FILE--
<?php
var_dump(stream_socket_client("unix:///no/such \"path\"/it's\\x", $code, $message), $code, $message);
var_dump(stream_socket_client("unix://\0no such abstract name", $code, $message), $code, $message);
var_dump(stream_socket_client("tcp://127.0.0.1\0:80", $code, $message), $code, $message);
--EXPECTF--
Warning: stream_socket_client(): Unable to connect to unix:///no/such \"path\"/it\'s\\x (No such file or directory) in %s on line %d
bool(false)
int(2)
string(25) "No such file or directory"

Warning: stream_socket_client(): Unable to connect to unix://\0no such abstract name (Connection refused) in %s on line %d
bool(false)
int(111)
string(18) "Connection refused"

Warning: stream_socket_client(): Unable to connect to tcp://127.0.0.1\0:80 (The hostname must not contain null bytes) in %s on line %d
bool(false)
int(0)
string(40) "The hostname must not contain null bytes"
