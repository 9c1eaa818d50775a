--TEST--
A non-blocking write takes what fits, then 0, without a notice
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener);
stream_set_blocking($client, false);
$data = str_repeat('0123456789abcdef', 1 << 19);
$sent = fwrite($client, $data);
var_dump($sent > 0 && $sent < strlen($data));
while (($n = fwrite($client, substr($data, $sent))) > 0) $sent += $n;
var_dump($n);
for ($got = ''; strlen($got) < $sent; ) $got .= fread($peer, 1 << 20);
var_dump($got === substr($data, 0, $sent));
--EXPECT--
bool(true)
int(0)
bool(true)
