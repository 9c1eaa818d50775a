--TEST--
stream_select: a closed copy of standard input, which is still readable, does not report any more
--EXTENSIONS--
pcntl
--STDIN--
nobody reads this
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
pcntl_alarm(1); // ends a wait that does not end
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$in = fopen('php://stdin', 'r');
echo ready(['in' => $in, 'b' => $b]), "\n";
fclose($in);
echo ready(['b' => $b], null, null, 0), ready(['b' => $b]), "\n";
// its number belongs to another one
[$c, $d] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
echo ready(['b' => $b, 'c' => $c, 'd' => $d], null, null, 0), ready(['c' => $c]), ready(['d' => $d]), "\n";
fwrite($a, 'x');
echo ready(['b' => $b, 'c' => $c, 'd' => $d]), "\n";
--EXPECT--
[1,["in"],null,null]
[0,[],null,null][0,[],null,null]
[0,[],null,null][0,[],null,null][0,[],null,null]
[1,["b"],null,null]
