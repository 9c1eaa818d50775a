<?php
// Echoes 64-byte messages on one connection, until the client closes it. Argument: the address.
$server = stream_socket_server($argv[1]);
echo stream_socket_get_name($server, false), "\n";
$client = stream_socket_accept($server, 30);
while (($data = fread($client, 64)) !== '' && $data !== false) {
    fwrite($client, $data);
}
