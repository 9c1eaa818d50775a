<?php
// Microseconds that one stream_select() takes with one of N streams ready.
$streams = [];
for ($i = 0, $n = (int) $argv[1]; $i < $n; $i++) {
    [$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    $streams[] = $a;
    $others[] = $b;
}
fwrite($others[$n - 1], 'x');
$calls = (int) $argv[2];
$start = hrtime(true);
for ($i = 0; $i < $calls; $i++) {
    $read = $streams;
    $write = $except = null;
    if (stream_select($read, $write, $except, 0) !== 1) {
        exit(1);
    }
}
printf("%.3f\n", (hrtime(true) - $start) / 1000 / $calls);
