--TEST--
Hundreds of fibers, each with sockets of its own, with garbage collections in between
--FILE--
<?php
$fibers = [];
for ($i = 0; $i < 300; $i++) {
    $fibers[$i] = new Fiber(function () use ($i) {
        [$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        fwrite($a, "fiber $i\n");
        Fiber::suspend();
        $line = fgets($b);
        stream_socket_shutdown($a, STREAM_SHUT_RDWR);
        Fiber::suspend();
        return [$line, fgets($b), feof($b)];
    });
    $fibers[$i]->start();
}
foreach ($fibers as $fiber) $fiber->resume();
gc_collect_cycles();
foreach (array_reverse($fibers) as $fiber) $fiber->resume();
$wrong = 0;
foreach ($fibers as $i => $fiber) $wrong += $fiber->getReturn() !== ["fiber $i\n", false, true];
var_dump($wrong);
--EXPECT--
int(0)
