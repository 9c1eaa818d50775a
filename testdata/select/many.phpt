--TEST--
stream_select: 200 pairs, a few of them ready, again and again
--FILE--
<?php
$pairs = $read = [];
for ($i = 0; $i < 200; $i++) {
    $pairs[$i] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    $watch[$i] = $pairs[$i][1];
}
$write = $except = null;
$sum = 0;
for ($round = 0; $round < 50; $round++) {
    foreach ([$round, $round + 70, 199 - $round] as $i) fwrite($pairs[$i][0], chr($i));
    $read = $watch;
    $n = stream_select($read, $write, $except, 1);
    foreach ($read as $i => $stream) {
        if (fread($stream, 10) !== chr($i)) echo "wrong byte\n";
        $sum += $i;
    }
    if ($n !== count($read)) echo "wrong number\n";
}
var_dump($sum);
--EXPECT--
int(14675)
