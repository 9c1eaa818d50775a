<?php
// Echoes 64-byte messages on one TLS connection, until the client closes it. Argument: a certificate with its key.
$server = stream_socket_server('ssl://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['ssl' => ['local_cert' => $argv[1]]]));
echo stream_socket_get_name($server, false), "\n";
$client = stream_socket_accept($server, 30);
while (($data = fread($client, 64)) !== '' && $data !== false) {
    fwrite($client, $data);
}
