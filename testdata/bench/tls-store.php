<?php
// Reads pieces and sends a byte for every one, on many TLS connections, until it is ended.
// Arguments: a certificate with its key, the size of a read, the size of a piece.
$server = stream_socket_server('tcp://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['socket' => ['backlog' => 1024], 'ssl' => ['local_cert' => $argv[1]]]));
echo stream_socket_get_name($server, false), "\n";
$size = (int) $argv[2];
$streams = [(int) $server => $server];
$left = [];
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
            stream_set_chunk_size($client, $size);
            $streams[(int) $client] = $client;
            $left[(int) $client] = (int) $argv[3];
        } elseif (($data = fread($stream, $size)) !== '' && $data !== false) {
            if (($left[$id] -= strlen($data)) === 0) {
                fwrite($stream, 'x');
                $left[$id] = (int) $argv[3];
            }
        } elseif (feof($stream)) {
            unset($streams[$id]);
            fclose($stream);
        }
    }
}
