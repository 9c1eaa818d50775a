--TEST--
The @ operator keeps warnings from the output but not from error_get_last()
--FILE--
<?php
var_dump(@stream_socket_server('nowhere'), error_get_last()['type'], error_get_last()['message']);
error_clear_last();
error_reporting(0);
var_dump(stream_socket_client('unix:///no/such.sock'), error_get_last()['message']);
error_reporting(E_ALL & ~E_WARNING);
var_dump(stream_socket_client('unix:///no/such.sock2'), error_get_last()['message']);
--EXPECT--
bool(false)
int(2)
string(88) "stream_socket_server(): Unable to connect to nowhere (Failed to parse address "nowhere")"
bool(false)
string(93) "stream_socket_client(): Unable to connect to unix:///no/such.sock (No such file or directory)"
bool(false)
string(94) "stream_socket_client(): Unable to connect to unix:///no/such.sock2 (No such file or directory)"
