<?php
// Sends for as long as the client takes it. Argument: the size of a write.
$server = stream_socket_server('tcp://127.0.0.1:0');
echo stream_socket_get_name($server, false), "\n";
$client = stream_socket_accept($server, 30);
$chunk = str_repeat('x', (int) $argv[1]);
while (@fwrite($client, $chunk)) {
}
