--TEST--
stream_select: peers that hung up, seen from write-only and except-only waits
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
foreach (['unix', 'tcp'] as $kind) {
    if ($kind === 'unix') {
        [$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    } else {
        $listener = stream_socket_server('tcp://127.0.0.1:0');
        $a = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
        $b = stream_socket_accept($listener, 1);
    }
    stream_set_blocking($a, false);
    while (fwrite($a, str_repeat('x', 65536)));
    usleep(1000);
    while (fwrite($a, str_repeat('x', 65536)));
    echo "$kind full ", ready(null, [$a]), ready([$a], null, [$a]), "\n";
    fclose($b); // with unread bytes
    ready([$a], null, null, 0.9);
    echo "$kind gone ", ready(null, [$a], null, 0.9), ready([$a]), ready([$a], [$a], [$a]), "\n";
    // an end is no exception: this wait runs out of its time
    $began = microtime(true);
    echo "$kind except ", ready(null, null, [$a], 0.03), var_export(microtime(true) - $began >= 0.03, true), "\n";
}
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
stream_socket_shutdown($b, STREAM_SHUT_WR);
echo 'half closed ', ready([$a]), ready([$b]), ready(null, [$a, $b]), ready(null, null, [$a, $b]), "\n";
stream_socket_shutdown($a, STREAM_SHUT_WR);
echo 'both halves ', ready([$a, $b]), ready(null, [$a, $b]), ready(null, null, [$a, $b]), "\n";
--EXPECT--
unix full [0,null,[],null][0,[],null,[]]
unix gone [1,null,[0],null][1,[0],null,null][2,[0],[0],[]]
unix except [0,null,null,[]]true
tcp full [0,null,[],null][0,[],null,[]]
tcp gone [1,null,[0],null][1,[0],null,null][2,[0],[0],[]]
tcp except [0,null,null,[]]true
half closed [1,[0],null,null][0,[],null,null][2,null,[0,1],null][0,null,null,[]]
both halves [2,[0,1],null,null][2,null,[0,1],null][0,null,null,[]]
