--TEST--
stream_socket_server: errno 98 when the port is taken
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip stock PHP loses the errno of bind(): code 0');
--FILE--
<?php
$first = stream_socket_server('tcp://127.0.0.1:0', $code, $message);
$name = stream_socket_get_name($first, false);
var_dump($code, $message);
var_dump(@stream_socket_server("tcp://$name", $code, $message), $code, $message);
echo str_replace($name, 'NAME', error_get_last()['message']), "\n";
fclose($first);
var_dump(is_resource(stream_socket_server("tcp://$name", $code, $message)), $code, $message);
--EXPECT--
int(0)
string(0) ""
bool(false)
int(98)
string(22) "Address already in use"
stream_socket_server(): Unable to connect to tcp://NAME (Address already in use)
bool(true)
int(0)
string(0) ""
