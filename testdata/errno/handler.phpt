--TEST--
stream_socket_server: errno and text reach the by-ref variables also when the warning's handler throws
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip stock PHP loses the errno of bind(): code 0');
--FILE--
<?php
set_error_handler(function ($level, $text) use (&$code, &$message) { var_dump($code, $message); throw new ErrorException($text); });
$code = $message = 'old';
try { stream_socket_server('tcp://203.0.113.7:0', $code, $message); } catch (ErrorException $e) { echo $e->getMessage(), "\n"; }
var_dump($code, $message);
try { stream_socket_server('unix:///no/such/folder/x', $code, $message); } catch (ErrorException $e) { echo $e->getMessage(), "\n"; }
var_dump($code, $message);
--EXPECT--
int(0)
string(0) ""
stream_socket_server(): Unable to connect to tcp://203.0.113.7:0 (Cannot assign requested address)
int(99)
string(31) "Cannot assign requested address"
int(0)
string(0) ""
stream_socket_server(): Unable to connect to unix:///no/such/folder/x (No such file or directory)
int(2)
string(25) "No such file or directory"
