<?php
// Echoes 64-byte messages on many connections, until it is ended: the manual's stream_select() loop. It accepts all that
// wait before it waits again, else it looked at all connections for every new one.
$server = stream_socket_server('tcp://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['socket' => ['backlog' => 1024]]));
echo stream_socket_get_name($server, false), "\n";
$streams = [(int) $server => $server];
while (true) {
    $read = $streams;
    $write = $except = null;
    if (!stream_select($read, $write, $except, 30)) {
        exit(1);
    }
    foreach ($read as $id => $stream) {
        if ($stream === $server) {
            while ($client = @stream_socket_accept($server, 0)) {
                $streams[(int) $client] = $client;
            }
        } elseif (($data = fread($stream, 64)) !== '' && $data !== false) {
            fwrite($stream, $data);
        } else {
            unset($streams[$id]);
            fclose($stream);
        }
    }
}
