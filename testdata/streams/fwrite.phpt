--TEST--
fwrite: to a peer that has gone: the first may succeed, then a notice with the errno and false
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
fclose(stream_socket_accept($listener));
$read = [$client];
$write = $except = null;
stream_select($read, $write, $except, 1);
var_dump(fwrite($client, 'first'));
usleep(5000);
var_dump(fwrite($client, 'second'));
var_dump(fwrite($client, ''));
var_dump(fwrite($listener, 'x'));
var_dump(fwrite($client, 'abcdef', 0));
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
var_dump(fwrite($a, 'abcdef', 3), fwrite($a, '12', 5), fread($b, 100));
--EXPECTF--
int(5)

Notice: fwrite(): Send of 6 bytes failed with errno=32 Broken pipe in %s on line %d
bool(false)
int(0)

Notice: fwrite(): Send of 1 bytes failed with errno=32 Broken pipe in %s on line %d
bool(false)
int(0)
int(3)
int(2)
string(5) "abc12"
