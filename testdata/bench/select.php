<?php
// Prints "ready", then how many microseconds one stream_select() takes with one of N streams ready, and how many
// there were; it waits to be ended. Arguments: N, milliseconds.
$streams = [];
for ($i = 0, $n = (int) $argv[1]; $i < $n; $i++) {
    $streams[] = stream_socket_server('udp://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND);
}
stream_socket_sendto($streams[0], 'x', 0, stream_socket_get_name($streams[$n - 1], false));
$read = $streams;
$write = $except = null;
stream_select($read, $write, $except, 1); // what was sent may take a moment
echo "ready\n";
$start = hrtime(true);
$end = $start + (int) $argv[2] * 1_000_000;
for ($calls = 0; hrtime(true) < $end; $calls += 16) {
    for ($i = 0; $i < 16; $i++) {
        $read = $streams;
        $write = $except = null;
        if (stream_select($read, $write, $except, 0) !== 1) {
            fprintf(STDERR, "%d are ready\n", count($read));
            exit(1);
        }
    }
}
printf("%.4f %d\n", (hrtime(true) - $start) / 1000 / $calls, $calls);
sleep(60);
