<?php
// Reads over TLS until the client is done. Arguments: a certificate with its key, the size of a read.
$server = stream_socket_server('ssl://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['ssl' => ['local_cert' => $argv[1]]]));
echo stream_socket_get_name($server, false), "\n";
$client = stream_socket_accept($server, 30);
$size = (int) $argv[2];
stream_set_chunk_size($client, $size);
while (($data = fread($client, $size)) !== '' && $data !== false) {
}
