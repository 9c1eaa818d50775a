<?php
// Prints "ready", then how many documents of 1 KiB a second it fetches, each on a connection of its own, and how many
// there were; it waits to be ended. Arguments: the address, milliseconds.
echo "ready\n";
$start = hrtime(true);
$end = $start + (int) $argv[2] * 1_000_000;
for ($n = 0; hrtime(true) < $end; $n++) {
    if (strlen((string) file_get_contents("http://$argv[1]/")) !== 1024) {
        exit(1);
    }
}
printf("%.3f %d\n", $n * 1e9 / (hrtime(true) - $start), $n);
sleep(60);
