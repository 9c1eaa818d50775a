--TEST--
stream_socket_client: a megabyte arrives whole and in order, both ends in one script
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
$peer = stream_socket_accept($server, 1);
stream_set_blocking($client, false);
$data = '';
for ($i = 0; strlen($data) < 1 << 20; $i++) $data .= "$i,";
$sent = 0;
$got = '';
while (strlen($got) < strlen($data)) {
    $write = $sent < strlen($data) ? [$client] : null;
    $read = [$peer];
    $except = null;
    stream_select($read, $write, $except, 1);
    if ($write) $sent += fwrite($client, substr($data, $sent, 100000));
    if ($read) $got .= fread($peer, 100000);
}
var_dump($got === $data, strlen($got) >= 1 << 20);
--EXPECT--
bool(true)
bool(true)
