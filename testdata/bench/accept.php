<?php
// Accepts and closes connections, until it is ended. Argument: what it sends to each before, nothing by default.
$server = stream_socket_server('tcp://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['socket' => ['backlog' => 1024]]));
echo stream_socket_get_name($server, false), "\n";
$reply = $argv[1] ?? '';
while ($client = stream_socket_accept($server, 30)) {
    if ($reply !== '') {
        fwrite($client, $reply);
    }
    fclose($client);
}
