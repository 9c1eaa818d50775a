--TEST--
stream_select: in a child of pcntl_fork(), a stream that is closed while a copy of it is not
--EXTENSIONS--
pcntl
--SKIPIF--
<?php
if (!is_dir("/proc/self/fd")) die("skip needs /proc");
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
// ends a wait that does not end
pcntl_alarm(1);
if ($pid = pcntl_fork()) {
    pcntl_waitpid($pid, $status);
    var_dump($status);
    exit;
}
pcntl_alarm(1);
function number($stream): int {
    $inode = fstat($stream)['ino'];
    foreach (scandir('/proc/self/fd') as $fd) if (@readlink("/proc/self/fd/$fd") === "socket:[$inode]") return (int) $fd;
}
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
[$c, $d] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
echo ready(['b' => $b, 'd' => $d]), "\n";
$copy = fopen('php://fd/' . number($b), 'r+');
fclose($b);
fwrite($a, 'x');
echo ready(['d' => $d], null, null, 0), ready(['d' => $d]), "\n";
[$e, $f] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
echo ready(['d' => $d, 'e' => $e, 'f' => $f], null, null, 0), ready(['e' => $e]), ready(['copy' => $copy, 'e' => $e]), "\n";
--EXPECT--
[0,[],null,null]
[0,[],null,null][0,[],null,null]
[0,[],null,null][0,[],null,null][1,["copy"],null,null]
int(0)
