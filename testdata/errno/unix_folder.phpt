--TEST--
stream_socket_server: errno 2 and 20 when a unix path has no folder
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip stock PHP says code 0 and "Unknown error" for unix paths');
--FILE--
<?php
foreach (['unix:///no/such/folder/x.sock', 'udg:///no/such/folder/x.sock', 'unix:///dev/null/x.sock'] as $address) {
    var_dump(stream_socket_server($address, $code, $message, STREAM_SERVER_BIND), $code, $message);
}
--EXPECTF--
Warning: stream_socket_server(): Unable to connect to unix:///no/such/folder/x.sock (No such file or directory) in %s on line %d
bool(false)
int(2)
string(25) "No such file or directory"

Warning: stream_socket_server(): Unable to connect to udg:///no/such/folder/x.sock (No such file or directory) in %s on line %d
bool(false)
int(2)
string(25) "No such file or directory"

Warning: stream_socket_server(): Unable to connect to unix:///dev/null/x.sock (Not a directory) in %s on line %d
bool(false)
int(20)
string(15) "Not a directory"
