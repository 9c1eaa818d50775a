--TEST--
stream_socket_server: a port that another listener holds is in use, after that one's close it is free
--FILE--
<?php
$first = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($first, false);
var_dump(@stream_socket_server("tcp://$name", $code, $message), $message);
echo str_replace($name, 'NAME', error_get_last()['message']), "\n";
fclose($first);
$second = stream_socket_server("tcp://$name", $code, $message);
var_dump(stream_socket_get_name($second, false) === $name, $code, $message);
--EXPECT--
bool(false)
string(22) "Address already in use"
stream_socket_server(): Unable to connect to tcp://NAME (Address already in use)
bool(true)
int(0)
string(0) ""
