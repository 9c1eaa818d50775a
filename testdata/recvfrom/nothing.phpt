--TEST--
stream_socket_recvfrom: nothing there is false without a warning, the end is "", and no peer name either way
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener, 1);
stream_set_blocking($peer, false);
$from = 'old';
var_dump(stream_socket_recvfrom($peer, 10, 0, $from), $from);
fwrite($client, 'x');
fclose($client);
$read = [$peer];
$write = $except = null;
stream_select($read, $write, $except, 1);
$from = 'old';
var_dump(stream_socket_recvfrom($peer, 10, 0, $from), $from);
var_dump(stream_socket_recvfrom($peer, 10, 0, $from), $from);
--EXPECT--
bool(false)
NULL
string(1) "x"
string(0) ""
string(0) ""
string(0) ""
