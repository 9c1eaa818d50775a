<?php
// Echoes 64-byte messages on many TLS connections, until it is ended: loop.php with one accept at a time, with handshakes
// that block, as in the manual, and then nothing that does. Argument: a certificate with its key.
$server = stream_socket_server('tcp://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['socket' => ['backlog' => 1024], 'ssl' => ['local_cert' => $argv[1]]]));
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
            $client = stream_socket_accept($server);
            stream_socket_enable_crypto($client, true, STREAM_CRYPTO_METHOD_TLS_SERVER);
            stream_set_blocking($client, false);
            $streams[(int) $client] = $client;
        } elseif (($data = fread($stream, 64)) !== '' && $data !== false) {
            fwrite($stream, $data);
        } elseif (feof($stream)) {
            unset($streams[$id]);
            fclose($stream);
        }
    }
}
