--TEST--
stream_select: streams closed between two calls
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
for ($i = 0; $i < 6; $i++) [$near[$i], $far[$i]] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
foreach ($far as $stream) fwrite($stream, 'x');
echo ready($near), "\n";
fclose($near[2]);
try {
    echo ready($near), "\n";
} catch (TypeError $e) {
    echo get_class($e), ': ', $e->getMessage(), ' after ', get_class($e->getPrevious()), "\n";
}
try {
    echo ready([$near[2]]), "\n";
} catch (Throwable $e) {
    echo get_class($e), ': ', $e->getMessage(), ' after ', get_class($e->getPrevious()), "\n";
}
unset($near[2]);
echo ready($near), "\n";
unset($far[4]);
fread($near[4], 1);
echo ready($near), var_export(fread($near[4], 10), true), "\n";
fclose($near[0]);
fclose($far[0]);
unset($near[0]);
echo ready($near), ready(null, $near), "\n";
foreach ($near as $stream) fclose($stream);
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
echo ready([$a, $b]), ready(null, [$a, $b]), "\n";
--EXPECT--
[6,[0,1,2,3,4,5],null,null]
TypeError: stream_select(): supplied resource is not a valid stream resource after TypeError
ValueError: No stream arrays were passed after TypeError
[5,[0,1,3,4,5],null,null]
[5,[0,1,3,4,5],null,null]''
[4,[1,3,4,5],null,null][4,null,[1,3,4,5],null]
[0,[],null,null][2,null,[0,1],null]
