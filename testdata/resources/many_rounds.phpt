--TEST--
Thousands of sockets one after the other, without running out of anything
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$name = 'tcp://' . stream_socket_get_name($server, false);
$memory = null;
for ($i = 0; $i < 2000; $i++) {
    $client = stream_socket_client($name);
    $peer = stream_socket_accept($server, 1);
    fwrite($client, 'x');
    if (fread($peer, 1) !== 'x') exit("wrong\n");
    if ($i === 500) $memory = memory_get_usage();
}
var_dump(memory_get_usage() - $memory < 20000);
--EXPECT--
bool(true)
