--TEST--
stream_select: in fibers with sets of their own, in turn
--FILE--
<?php
for ($i = 0; $i < 4; $i++) [$near[$i], $far[$i]] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$fibers = [];
foreach ($near as $i => $stream) {
    $fibers[$i] = new Fiber(function () use ($stream, $i) {
        for ($lines = 0; $lines < 3;) {
            $read = [$i => $stream];
            $write = $i % 2 ? [$i => $stream] : null;
            $except = null;
            $n = stream_select($read, $write, $except, 0);
            if ($read) {
                echo "fiber $i: ", json_encode([$n, array_keys($read), $write === null ? null : array_keys($write)]), ' ', fgets($stream);
                $lines++;
            }
            Fiber::suspend();
        }
        fclose($stream);
    });
    $fibers[$i]->start();
}
for ($line = 0; $line < 3; $line++) {
    foreach ($far as $i => $stream) {
        fwrite($stream, "line $line of $i\n");
        // the main part looks on with a larger set
        $read = array_filter($near, 'is_resource');
        $write = $except = null;
        if (stream_select($read, $write, $except, 1) !== 1 || array_keys($read) !== [$i]) echo "wrong\n";
        foreach ($fibers as $fiber) if (!$fiber->isTerminated()) $fiber->resume();
    }
}
foreach ($fibers as $fiber) if (!$fiber->isTerminated()) $fiber->resume();
var_dump(array_map('is_resource', $near));
--EXPECT--
fiber 0: [1,[0],null] line 0 of 0
fiber 1: [2,[1],[1]] line 0 of 1
fiber 2: [1,[2],null] line 0 of 2
fiber 3: [2,[3],[3]] line 0 of 3
fiber 0: [1,[0],null] line 1 of 0
fiber 1: [2,[1],[1]] line 1 of 1
fiber 2: [1,[2],null] line 1 of 2
fiber 3: [2,[3],[3]] line 1 of 3
fiber 0: [1,[0],null] line 2 of 0
fiber 1: [2,[1],[1]] line 2 of 1
fiber 2: [1,[2],null] line 2 of 2
fiber 3: [2,[3],[3]] line 2 of 3
array(4) {
  [0]=>
  bool(false)
  [1]=>
  bool(false)
  [2]=>
  bool(false)
  [3]=>
  bool(false)
}
