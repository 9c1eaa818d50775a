--TEST--
stream_select: sockets, pipes, FIFOs and regular files in one call
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
$base = sys_get_temp_dir() . '/phpsock-select-kinds-' . getmypid();
exec('mkfifo ' . escapeshellarg("$base.fifo"));
file_put_contents("$base.file", 'text');
$child = proc_open(['cat'], [['pipe', 'r'], ['pipe', 'w']], $pipes);
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$listener = stream_socket_server('tcp://127.0.0.1:0');
$fifo = fopen("$base.fifo", 'r+');
$file = fopen("$base.file", 'r+');
$null = fopen('/dev/null', 'r+');
$idle = ['pipe' => $pipes[1], 'pair' => $b, 'listener' => $listener, 'fifo' => $fifo];
echo ready($idle, null, null), "\n";
// regular files and devices without a queue are always ready, each in every set it may be in
echo ready($idle + ['file' => $file], null, null, 5), "\n";
echo ready(['file' => $file], ['file' => $file], ['file' => $file]), "\n";
echo ready(['null' => $null], ['null' => $null]), "\n";
echo ready(null, ['pipe' => $pipes[0], 'pair' => $b, 'listener' => $listener, 'fifo' => $fifo, 'file' => $file]), "\n";
fwrite($pipes[0], 'x');
echo ready(['pipe' => $pipes[1]], null, null, 0.9), "\n";
fwrite($fifo, 'y');
fwrite($a, 'z');
echo ready($idle + ['file' => $file]), "\n";
var_dump(fread($pipes[1], 10), fread($fifo, 1), fread($b, 10), fread($file, 10));
echo ready($idle), "\n";
// at its end a file is readable still
echo ready(['file' => $file] + $idle), "\n";
fclose($pipes[0]);
echo ready($idle, null, null, 0.9), "\n";
var_dump(fread($pipes[1], 10), feof($pipes[1]));
proc_close($child);
unlink("$base.fifo");
unlink("$base.file");
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-select-kinds-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
--EXPECT--
[0,[],null,null]
[1,["file"],null,null]
[2,["file"],["file"],[]]
[2,["null"],["null"],null]
[4,null,["pipe","pair","fifo","file"],null]
[1,["pipe"],null,null]
[4,["pipe","pair","fifo","file"],null,null]
string(1) "x"
string(1) "y"
string(1) "z"
string(4) "text"
[0,[],null,null]
[1,["file"],null,null]
[1,["pipe"],null,null]
string(0) ""
bool(true)
