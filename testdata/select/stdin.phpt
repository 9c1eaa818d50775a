--TEST--
stream_select: STDIN and sockets together, at its end, too
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--STDIN--
first
second
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
echo ready(['in' => STDIN, 'b' => $b], null, null, 0.9), fgets(STDIN);
// the rest of it is in the buffer: nothing else counts
fwrite($a, 'x');
echo ready(['in' => STDIN, 'b' => $b], ['b' => $b]), fgets(STDIN);
echo ready(['in' => STDIN, 'b' => $b], ['b' => $b], null, 0.9), var_export(fgets(STDIN), true), "\n";
$child = proc_open([PHP_BINARY, '-n', '-r', '
    [$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    for (;;) {
        $read = ["in" => STDIN, "b" => $b];
        $write = $except = null;
        if (stream_select($read, $write, $except, 5) === 0) die("late\n");
        if (isset($read["b"])) die("echo: " . fread($b, 100));
        if (isset($read["in"])) fwrite($a, fgets(STDIN));
    }'], [['pipe', 'r'], ['pipe', 'w']], $pipes);
fwrite($pipes[0], "to the child\n");
echo stream_get_contents($pipes[1]);
proc_close($child);
--EXPECT--
[1,["in"],null,null]first
[1,["in"],[],null]second
[3,["in","b"],["b"],null]false
echo: to the child
