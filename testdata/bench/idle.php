<?php
// Prints "ready", then how many microseconds one stream_select() takes with N idle TCP connections and ten on which
// something arrives before each call, and how many calls there were; it waits to be ended.
// Arguments: N, milliseconds.
$server = stream_socket_server('tcp://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['socket' => ['backlog' => 128]]));
$address = 'tcp://' . stream_socket_get_name($server, false);
$clients = $streams = [];
for ($i = 0, $n = (int) $argv[1] + 10; $i < $n; $i++) {
    $clients[] = stream_socket_client($address);
    $streams[] = stream_socket_accept($server);
}
$busy = array_slice($clients, -10);
echo "ready\n";
$end = hrtime(true) + (int) $argv[2] * 1_000_000;
for ($calls = $spent = 0; hrtime(true) < $end; $calls++) {
    foreach ($busy as $client) {
        fwrite($client, 'x');
    }
    $read = $streams;
    $write = $except = null;
    $start = hrtime(true);
    if (stream_select($read, $write, $except, 1) !== 10) {
        exit(1);
    }
    $spent += hrtime(true) - $start;
    foreach ($read as $stream) {
        fread($stream, 16);
    }
}
printf("%.4f %d\n", $spent / 1000 / $calls, $calls);
sleep(60);
