--TEST--
stream_socket_server: errno 13 for a port that only root may bind
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip stock PHP loses the errno of bind(): code 0');
if (@stream_socket_server('tcp://127.0.0.9:1') || error_get_last() && !str_contains(error_get_last()['message'], 'Permission denied')) die('skip this user may bind port 1');
--FILE--
<?php
var_dump(@stream_socket_server('tcp://127.0.0.9:1', $code, $message), $code, $message);
var_dump(@stream_socket_server('udp://127.0.0.9:1', $code, $message, STREAM_SERVER_BIND), $code, $message);
--EXPECT--
bool(false)
int(13)
string(17) "Permission denied"
bool(false)
int(13)
string(17) "Permission denied"
