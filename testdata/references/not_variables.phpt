--TEST--
By-ref arguments that are not variables, and variadic and spread ones
--FILE--
<?php
try { eval('stream_socket_server("nowhere", 5);'); } catch (Error $e) { echo $e->getMessage(), "\n"; }
function code() { return 5; }
$server = stream_socket_server('tcp://127.0.0.1:0', code());
$arguments = ['nowhere', 1, 'old'];
@stream_socket_server(...$arguments);
var_dump($arguments[2]);
$code = 'old';
@call_user_func('stream_socket_server', 'nowhere', $code);
var_dump($code);
@call_user_func_array('stream_socket_server', ['nowhere', &$code]);
var_dump($code);
$f = stream_socket_server(...);
@$f('nowhere', $code, $message);
var_dump($message);
--EXPECTF--
stream_socket_server(): Argument #2 ($error_code) %rcannot|could not%r be passed by reference

Notice: Only variables should be passed by reference in %s on line %d
string(33) "Failed to parse address "nowhere""
string(3) "old"
int(0)
string(33) "Failed to parse address "nowhere""
