<?php
// Prints "ready", then how many microseconds one stream_select() takes with N idle TCP connections and ten on which
// something arrives before each call, and how many calls there were; it waits to be ended.
// Arguments: N, the address of a server that waits, milliseconds.
$server = stream_socket_server('tcp://127.0.0.1:0');
$address = 'tcp://' . stream_socket_get_name($server, false);
$streams = $busy = [];
for ($i = 0, $n = (int) $argv[1]; $i < $n; $i++) {
    $streams[] = stream_socket_client("tcp://$argv[2]");
}
for ($i = 0; $i < 10; $i++) {
    $busy[] = stream_socket_client($address);
    $streams[] = stream_socket_accept($server);
}
echo "ready\n";
$end = hrtime(true) + (int) $argv[3] * 1_000_000;
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
