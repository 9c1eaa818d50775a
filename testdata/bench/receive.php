<?php
// Reads until the client is done. Argument: the size of a read.
$server = stream_socket_server('tcp://127.0.0.1:0');
echo stream_socket_get_name($server, false), "\n";
$client = stream_socket_accept($server, 30);
$size = (int) $argv[1];
stream_set_chunk_size($client, $size);
while (($data = fread($client, $size)) !== '' && $data !== false) {
}
