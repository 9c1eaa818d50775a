--TEST--
Eight servers and eight clients in fibers of their own, driven by one stream_select()
--FILE--
<?php
$read = $write = $waiting = [];
function waitFor(string $what, $stream) {
    $id = get_resource_id($stream);
    $GLOBALS[$what][$id] = $stream;
    $GLOBALS['waiting'][$what][$id] = Fiber::getCurrent();
    Fiber::suspend();
}
$log = [];
for ($i = 0; $i < 8; $i++) {
    $server = stream_socket_server('tcp://127.0.0.1:0');
    $name = stream_socket_get_name($server, false);
    (new Fiber(function () use ($server, $i) {
        waitFor('read', $server);
        $peer = stream_socket_accept($server, 0);
        stream_set_blocking($peer, false);
        for ($sum = 0; ; $sum += (int) $line) {
            waitFor('read', $peer);
            if (($line = fgets($peer)) === false) break;
            waitFor('write', $peer);
            fwrite($peer, $line * 2 . "\n");
        }
        $GLOBALS['log'][$i] = $sum;
    }))->start();
    (new Fiber(function () use ($name, $i) {
        $client = stream_socket_client("tcp://$name", $code, $message, 0, STREAM_CLIENT_ASYNC_CONNECT);
        waitFor('write', $client);
        for ($n = 1; $n <= 10; $n++) {
            fwrite($client, "$n\n");
            waitFor('read', $client);
            if ((int) fgets($client) !== 2 * $n) echo "wrong answer\n";
        }
        fclose($client);
    }))->start();
}
while ($read || $write) {
    $r = $read;
    $w = $write;
    $e = null;
    if (!stream_select($r, $w, $e, 1)) exit("nothing happened\n");
    foreach (['read' => $r, 'write' => $w] as $what => $ready) {
        foreach ($ready as $id => $stream) {
            $fiber = $waiting[$what][$id];
            unset($GLOBALS[$what][$id], $waiting[$what][$id]);
            $fiber->resume();
        }
    }
}
ksort($log);
echo implode(' ', $log), "\n";
--EXPECT--
55 55 55 55 55 55 55 55
