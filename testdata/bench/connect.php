<?php
// Prints how many connections a second it makes and closes. Arguments: the address, milliseconds.
$start = hrtime(true);
$end = $start + (int) $argv[2] * 1_000_000;
for ($n = 0; hrtime(true) < $end; $n++) {
    $client = stream_socket_client("tcp://$argv[1]");
    fread($client, 1);
    fclose($client);
}
printf("%.3f\n", $n * 1e9 / (hrtime(true) - $start));
