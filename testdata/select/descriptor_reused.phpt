--TEST--
stream_select: a descriptor number that belongs to another stream at the next call
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
$base = sys_get_temp_dir() . '/phpsock-select-reused-' . getmypid();
file_put_contents($base, 'text');
// every kind gets the number of the one before
$open = [
    'pair' => fn() => stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0),
    'udp' => fn() => [stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND), null],
    'file' => fn() => [fopen($base, 'r'), null],
    'tcp' => fn() => [stream_socket_server('tcp://127.0.0.1:0'), null],
    'null' => fn() => [fopen('/dev/null', 'r'), null],
    'dgram pair' => fn() => stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_DGRAM, 0),
];
[$other, $far] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$before = null;
for ($round = 0; $round < 2; $round++) {
    foreach ($open as $kind => $function) {
        [$stream, $peer] = $function();
        echo "$kind ", ready([$kind => $stream, 'other' => $other]), ready(['other' => $other], [$kind => $stream]), ready([$kind => $stream]), "\n";
        if ($peer) {
            fwrite($peer, 'x');
            echo "$kind ", ready([$kind => $stream, 'other' => $other]), "\n";
            fclose($peer);
        }
        fclose($stream);
    }
}
// the same number with the other stream of a pair: what is ready has changed sides
for ($i = 0; $i < 3; $i++) {
    [$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    fwrite([$a, $b][$i % 2], 'x');
    echo ready([$a, $b]);
    fclose($b);
    fclose($a);
    [$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    echo ready([$a, $b]), "\n";
    unset($a, $b);
}
unlink($base);
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-select-reused-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
--EXPECT--
pair [0,[],null,null][1,[],["pair"],null][0,[],null,null]
pair [1,["pair"],null,null]
udp [0,[],null,null][1,[],["udp"],null][0,[],null,null]
file [1,["file"],null,null][1,[],["file"],null][1,["file"],null,null]
tcp [0,[],null,null][0,[],[],null][0,[],null,null]
null [1,["null"],null,null][1,[],["null"],null][1,["null"],null,null]
dgram pair [0,[],null,null][1,[],["dgram pair"],null][0,[],null,null]
dgram pair [1,["dgram pair"],null,null]
pair [0,[],null,null][1,[],["pair"],null][0,[],null,null]
pair [1,["pair"],null,null]
udp [0,[],null,null][1,[],["udp"],null][0,[],null,null]
file [1,["file"],null,null][1,[],["file"],null][1,["file"],null,null]
tcp [0,[],null,null][0,[],[],null][0,[],null,null]
null [1,["null"],null,null][1,[],["null"],null][1,["null"],null,null]
dgram pair [0,[],null,null][1,[],["dgram pair"],null][0,[],null,null]
dgram pair [1,["dgram pair"],null,null]
[1,[1],null,null][0,[],null,null]
[1,[0],null,null][0,[],null,null]
[1,[1],null,null][0,[],null,null]
