--TEST--
stream_select: bytes in the buffer of one stream hide everything else
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
for ($i = 0; $i < 3; $i++) [$near[$i], $far[$i]] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($far[0], "one\ntwo\nthree\n");
fwrite($far[1], 'waiting');
echo ready($near, $near, $near), "\n";
echo fgets($near[0]);
echo ready($near, $near, $near), "\n";
// in the write set only it does not count
echo ready([$near[2]], $near), "\n";
echo ready([$near[0], $near[0], 'x' => $near[0]]), "\n";
fread($near[1], 1);
echo ready($near), "\n";
echo fgets($near[0]), fgets($near[0]);
echo ready($near), stream_get_meta_data($near[1])['unread_bytes'], "\n";
fread($near[1], 6);
echo ready($near), "\n";
// without a buffer the socket itself is asked
stream_set_read_buffer($near[0], 0);
fwrite($far[0], 'abc');
fread($near[0], 1);
echo ready($near, $near), "\n";
--EXPECT--
[5,[0,1],[0,1,2],[]]
one
[1,[0],[],[]]
[3,[],[0,1,2],null]
[3,[0,1,"x"],null,null]
[2,[0,1],null,null]
two
three
[1,[1],null,null]6
[0,[],null,null]
[4,[0],[0,1,2],null]
