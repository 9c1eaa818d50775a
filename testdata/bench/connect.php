<?php
// Prints "ready", then how many connections a second it makes and closes, and how many there were; it waits to be
// ended. Arguments: the address, milliseconds.
echo "ready\n";
$start = hrtime(true);
$end = $start + (int) $argv[2] * 1_000_000;
for ($n = 0; hrtime(true) < $end; $n++) {
    $client = stream_socket_client("tcp://$argv[1]");
    fread($client, 1);
    fclose($client);
}
printf("%.3f %d\n", $n * 1e9 / (hrtime(true) - $start), $n);
sleep(60);
