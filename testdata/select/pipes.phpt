--TEST--
stream_select: pipes whose other end has gone, both ways
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
$child = proc_open(['sh', '-c', 'read line; echo "$line"; exec <&- >&-; read x <&2'], [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'r']], $pipes);
echo ready([1 => $pipes[1]], [0 => $pipes[0]]), ready(null, null, [1 => $pipes[1], 0 => $pipes[0]]), "\n";
fwrite($pipes[0], "hello\n");
echo ready([1 => $pipes[1]], null, null, 0.9), fgets($pipes[1]);
echo ready([1 => $pipes[1]], null, null, 0.9), var_export(fgets($pipes[1]), true), var_export(feof($pipes[1]), true), "\n";
// nobody reads the first pipe any more: it can be written to, which fails
echo ready([0 => $pipes[0]], [0 => $pipes[0]]), ready(null, null, [0 => $pipes[0]]), var_export(@fwrite($pipes[0], 'x'), true), "\n";
// in both sets at once
echo ready([1 => $pipes[1], 0 => $pipes[0]], [1 => $pipes[1], 0 => $pipes[0]], [1 => $pipes[1], 0 => $pipes[0]]), "\n";
fwrite($pipes[2], "\n");
proc_close($child);
$child = proc_open(['sh', '-c', 'read line; echo out; echo err >&2'], [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $pipes);
fwrite($pipes[0], "\n");
$said = [1 => '', 2 => ''];
$open = [1 => $pipes[1], 2 => $pipes[2]];
while ($open) {
    $read = $open;
    $write = $except = null;
    if (!stream_select($read, $write, $except, 1)) die('nothing');
    foreach ($read as $i => $pipe) {
        $said[$i] .= fread($pipe, 100);
        if (feof($pipe)) unset($open[$i]);
    }
}
echo json_encode($said), "\n";
proc_close($child);
--EXPECT--
[1,[],[0],null][0,null,null,[]]
[1,[1],null,null]hello
[1,[1],null,null]falsetrue
[2,[0],[0],null][0,null,null,[]]false
[3,[1,0],[0],[]]
{"1":"out\n","2":"err\n"}
