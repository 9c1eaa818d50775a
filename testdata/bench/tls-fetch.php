<?php
// Sends a piece for every byte that it gets, on many TLS connections, until it is ended.
// Arguments: a certificate with its key, the size of a write, the size of a piece.
$server = stream_socket_server('tcp://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['socket' => ['backlog' => 1024], 'ssl' => ['local_cert' => $argv[1]]]));
echo stream_socket_get_name($server, false), "\n";
$chunk = str_repeat('x', (int) $argv[2]);
$readers = [(int) $server => $server];
$writers = $left = [];
while (true) {
    $read = $readers;
    $write = $writers;
    $except = null;
    if (!stream_select($read, $write, $except, 30)) {
        exit(1);
    }
    foreach ($read as $id => $stream) {
        if ($stream === $server) {
            $client = stream_socket_accept($server);
            stream_socket_enable_crypto($client, true, STREAM_CRYPTO_METHOD_TLS_SERVER);
            stream_set_blocking($client, false);
            $readers[(int) $client] = $client;
        } elseif (fread($stream, 1) === 'g') {
            $left[$id] = (int) $argv[3];
            $writers[$id] = $stream;
        } elseif (feof($stream)) {
            unset($readers[$id], $writers[$id]);
            fclose($stream);
        }
    }
    foreach ($write as $id => $stream) {
        // OpenSSL insists that what there was no room for is tried again as it was: it is the whole chunk then.
        if ($left[$id] >= strlen($chunk)) {
            $sent = fwrite($stream, $chunk);
        } else {
            $sent = fwrite($stream, substr($chunk, 0, $left[$id]));
        }
        if (($left[$id] -= (int) $sent) === 0) {
            unset($writers[$id]);
        }
    }
}
