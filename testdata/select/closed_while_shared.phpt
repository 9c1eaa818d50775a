--TEST--
stream_select: a closed stream whose connection lives on in a copy of its descriptor
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
function number($stream): int {
    $inode = fstat($stream)['ino'];
    foreach (scandir('/proc/self/fd') as $fd) {
        if (@readlink("/proc/self/fd/$fd") === "socket:[$inode]") return (int) $fd;
    }
}
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
[$c, $d] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
echo ready(['b' => $b, 'd' => $d]), "\n";
$copy = fopen('php://fd/' . number($b), 'r+');
fwrite($a, 'for the copy');
fclose($b);
// the copy has it; the number of b is free, and taken again
echo ready(['d' => $d]), ready(['copy' => $copy, 'd' => $d]), "\n";
$other = stream_socket_server('tcp://127.0.0.1:0');
echo ready(['other' => $other, 'd' => $d]), ready(['other' => $other]), ready(['d' => $d], ['other' => $other]), "\n";
var_dump(fread($copy, 100));
echo ready(['copy' => $copy, 'other' => $other, 'd' => $d]), "\n";

// a child keeps the description, too
[$e, $f] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
echo ready(['f' => $f, 'd' => $d]), "\n";
$child = proc_open(['cat'], [['pipe', 'r'], $f], $pipes);
fwrite($e, 'unread');
fclose($f);
echo ready(['d' => $d]), "\n";
$next = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
echo ready(['next' => $next, 'd' => $d]), ready(['next' => $next], ['next' => $next]), "\n";
fwrite($c, 'x');
echo ready(['next' => $next, 'd' => $d]), "\n";
fwrite($pipes[0], 'from the child');
echo ready(['e' => $e, 'next' => $next], null, null, 0.9), "\n";
var_dump(fread($e, 100));
fclose($pipes[0]);
proc_close($child);
--EXPECT--
[0,[],null,null]
[0,[],null,null][1,["copy"],null,null]
[0,[],null,null][0,[],null,null][0,[],[],null]
string(12) "for the copy"
[0,[],null,null]
[0,[],null,null]
[0,[],null,null]
[0,[],null,null][1,[],["next"],null]
[1,["d"],null,null]
[1,["e"],null,null]
string(14) "from the child"
