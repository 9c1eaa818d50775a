<?php
// Sends over TLS for as long as the client takes it. Arguments: a certificate with its key, the size of a write.
$server = stream_socket_server('ssl://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['ssl' => ['local_cert' => $argv[1]]]));
echo stream_socket_get_name($server, false), "\n";
$client = stream_socket_accept($server, 30);
$chunk = str_repeat('x', (int) $argv[2]);
while (@fwrite($client, $chunk)) {
}
