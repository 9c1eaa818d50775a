--TEST--
stream_socket_server: errno 98 for an abstract name that is taken, and the warning shows the address up to the NUL
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip stock PHP says code 0 and "Unknown error" for unix paths');
--FILE--
<?php
$name = "\0phpsock-errno-" . getmypid();
$server = stream_socket_server("unix://$name");
var_dump(stream_socket_server("unix://$name", $code, $message), $code, $message);
--EXPECTF--
Warning: stream_socket_server(): Unable to connect to unix:// (Address already in use) in %s on line %d
bool(false)
int(98)
string(22) "Address already in use"
