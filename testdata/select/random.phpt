--TEST--
stream_select: a thousand steps of opening, closing, copying, writing and waiting, the same ones on every PHP
--SKIPIF--
<?php
if (!is_dir("/proc/self/fd")) die("skip needs /proc");
--FILE--
<?php
mt_srand((int) (getenv('PHPSOCK_SEED') ?: 1));
$file = sys_get_temp_dir() . '/phpsock-select-random-' . getmypid();
file_put_contents($file, 'text');
$listener = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($listener, false);
$streams = $peers = [];
$next = 0;
function number($stream) {
    $inode = fstat($stream)['ino'];
    foreach (scandir('/proc/self/fd') as $fd) if (@readlink("/proc/self/fd/$fd") === "socket:[$inode]") return $fd;
}
function some(array $of, int $share): ?array {
    if (!mt_rand(0, 3)) return null;
    return array_filter($of, fn() => mt_rand(0, 99) < $share);
}
$log = [];
for ($step = 0; $step < 1000; $step++) {
    $which = $streams ? array_rand($streams) : null;
    switch (mt_rand(0, 13)) {
        case 0:
            [$streams[$next], $streams[$next + 1]] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
            [$peers[$next], $peers[$next + 1]] = [$next + 1, $next];
            $next += 2;
            break;
        case 1:
            while ($peer = @stream_socket_accept($listener, 0)) fclose($peer);
            $streams[$next] = stream_socket_client("tcp://$name");
            $streams[$next + 1] = stream_socket_accept($listener, 1);
            [$peers[$next], $peers[$next + 1]] = [$next + 1, $next];
            $next += 2;
            break;
        case 2: $streams[$next++] = fopen(mt_rand(0, 1) ? $file : '/dev/null', 'r+'); break;
        case 3: $streams[$next++] = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND); break;
        case 4:
            if ($which !== null && isset($peers[$which])) {
                $streams[$next] = fopen('php://fd/' . number($streams[$which]), 'r+');
                $peers[$next++] = $peers[$which];
            }
            break;
        case 5: case 6:
            if ($which !== null && count($streams) > 6) {
                fclose($streams[$which]);
                unset($streams[$which]);
            }
            break;
        case 7: case 8:
            if ($which !== null && isset($peers[$which])) @fwrite($streams[$which], str_repeat('x', mt_rand(1, 5)));
            break;
        case 9:
            if ($which !== null && isset($peers[$which])) {
                stream_set_blocking($streams[$which], false);
                fread($streams[$which], mt_rand(1, 10));
                stream_set_blocking($streams[$which], true);
            }
            break;
        case 11:
            // unix sockets have it in some kernels only
            if ($which !== null && isset($peers[$which]) && stream_socket_get_name($streams[$which], false)) @stream_socket_sendto($streams[$which], '!', STREAM_OOB);
            break;
        case 12: $streams[$next++] = stream_socket_client("tcp://$name", $code, $message, 1, STREAM_CLIENT_ASYNC_CONNECT); break;
        case 10:
            if ($which !== null && isset($peers[$which])) @stream_socket_shutdown($streams[$which], mt_rand(0, 2));
            break;
    }
    if ($step % 50 === 0) while ($peer = @stream_socket_accept($listener, 0)) fclose($peer);
    if (count($streams) > 30) {
        foreach (array_slice($streams, 0, 5, true) as $i => $stream) {
            fclose($stream);
            unset($streams[$i]);
        }
    }
    $read = some($streams, 60);
    $write = some($streams, 30);
    $except = some($streams, 30);
    try {
        $n = stream_select($read, $write, $except, 0, 200);
    } catch (ValueError) {
        continue;
    }
    $log[] = json_encode([$step, $n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
echo implode("\n", array_slice($log, 0, 40)), "\n", count($log) > 500 ? 'enough' : 'few', ' ', md5(implode("\n", $log)), "\n";
if (getenv('PHPSOCK_LOG')) file_put_contents(getenv('PHPSOCK_LOG'), implode("\n", $log));
unlink($file);
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-select-random-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
--EXPECTF--
[2,1,null,[0],null]
[3,1,[],[1],[]]
[4,1,[],[2],[]]
[5,0,[],null,null]
[6,3,[5],[2,5],null]
[7,3,[5],[1,5],[]]
[8,3,[5],[3,5],null]
[9,4,[],[0,1,6,7],[]]
[10,1,[5],null,[]]
[11,3,[],[3,4,5],null]
[12,5,[5],[2,4,5,6],[]]
[13,4,[5],[0,7,9],[]]
[14,4,[],[0,1,2,4],[]]
[15,3,[5],[1,9],[]]
[16,4,[5],[0,4,9],[]]
[17,2,[5,7],null,null]
[18,2,[5,7],null,null]
[19,3,[5,7],[8],[]]
[20,1,null,[8],null]
[21,4,[5,7],[1,8],[]]
[22,0,null,[],[]]
[23,1,[7],[],null]
[24,3,[],[5,9,11],null]
[25,0,[],null,[]]
[26,6,[3,5,7],[0,7,9],[]]
[27,4,[5],[0,7,10],[]]
[28,0,[],null,[]]
[29,4,[],[1,3,12,14],[]]
[30,4,[3],[1,2,14],null]
[31,3,[3],[1,13],[]]
[32,0,null,null,[]]
[33,4,[],[1,3,10,12],[]]
[34,1,[3],null,[]]
[35,4,[3,5],[1,14],[]]
[36,5,null,[0,5,13,14,15],null]
[37,1,[3],null,[]]
[38,1,[5],null,null]
[39,4,[3],[13,17,18],[]]
[40,6,[5,14],[3,5,13,17],[]]
[41,6,[3,17],[3,11,16,20],null]
enough %x
