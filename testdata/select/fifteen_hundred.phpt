--TEST--
stream_select: 1500 streams, beyond the limit of 1024 descriptors that stock PHP has
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip stock PHP ends at 1024');
if (!function_exists('proc_open')) die('skip needs proc_open()');
if (trim(shell_exec('ulimit -Hn')) !== 'unlimited' && (int) shell_exec('ulimit -Hn') < 4096) die('skip needs 4096 descriptors');
--FILE--
<?php
$code = <<<'CODE'
for ($i = 0; $i < 1500; $i++) [$near[$i], $far[$i]] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$write = $except = null;
foreach ([[0], [1499], [3, 700, 1100, 1499]] as $which) {
    foreach ($which as $i) fwrite($far[$i], 'x');
    $read = $near;
    if (!$n = @stream_select($read, $write, $except, 0, 20000)) break;
    echo json_encode([$n, array_keys($read)]), "\n";
    foreach ($read as $stream) fread($stream, 1);
}
$read = null;
$write = $near;
echo json_encode([@stream_select($read, $write, $except, 0), count($write)]), "\n";
CODE;
$child = proc_open(['sh', '-c', 'ulimit -n 4096; exec "$0" -n -r "$1"', PHP_BINARY, $code], [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
echo stream_get_contents($pipes[1]);
proc_close($child);
--EXPECT--
[1,[0]]
[1,[1499]]
[4,[3,700,1100,1499]]
[1500,1500]
