<?php
// Prints "ready", then how many TLS connections a second it makes and closes, and how many there were; it waits to be
// ended. Arguments: the certificates of those it trusts, the address, milliseconds.
$context = stream_context_create(['ssl' => ['cafile' => $argv[1]]]);
echo "ready\n";
$start = hrtime(true);
$end = $start + (int) $argv[3] * 1_000_000;
for ($n = 0; hrtime(true) < $end; $n++) {
    $client = stream_socket_client("ssl://$argv[2]", $errno, $error, 30, STREAM_CLIENT_CONNECT, $context);
    if (fread($client, 1) !== 'x') {
        exit(1);
    }
    fclose($client);
}
printf("%.3f %d\n", $n * 1e9 / (hrtime(true) - $start), $n);
sleep(60);
