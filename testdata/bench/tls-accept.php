<?php
// Shakes hands with clients, replies and closes, until it is ended. Argument: a certificate with its key.
$server = stream_socket_server('ssl://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['socket' => ['backlog' => 1024], 'ssl' => ['local_cert' => $argv[1]]]));
echo stream_socket_get_name($server, false), "\n";
while ($client = stream_socket_accept($server, 30)) {
    fwrite($client, 'x');
    fclose($client);
}
