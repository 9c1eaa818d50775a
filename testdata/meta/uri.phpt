--TEST--
stream_get_meta_data: the address a socket was made for, as given
--SKIPIF--
<?php if (PHP_VERSION_ID < 80300) die('skip PHP 8.3 and later tell it');
--FILE--
<?php
$uri = fn($stream) => str_replace($GLOBALS['name'], 'NAME', stream_get_meta_data($stream)['uri'] ?? 'none');
$listener = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($listener, false);
$client = stream_socket_client("tcp://$name");
$short = stream_socket_client($name);
$accepted = stream_socket_accept($listener);
$unconnected = stream_socket_client("udp://$name", $code, $message, 1, 0);
[$pair] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
var_dump(...array_map($uri, [$listener, $client, $short, $accepted, $unconnected, $pair]));
--EXPECT--
string(17) "tcp://127.0.0.1:0"
string(10) "tcp://NAME"
string(4) "NAME"
string(4) "none"
string(10) "udp://NAME"
string(4) "none"
