--TEST--
stream_select: one stream in several sets, and several times in one
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener, 1);
$all = ['a' => $peer, 'b' => $peer, 7 => $peer];
echo ready($all, $all, $all), "\n";
echo ready($all), ready(null, $all), ready(null, null, $all), "\n";
fwrite($client, 'x');
echo ready($all, null, null, 0.9), ready($all, $all), ready(['x' => $peer], ['y' => $peer], ['z' => $peer]), "\n";
fread($peer, 10);
stream_socket_sendto($client, '!', STREAM_OOB);
echo ready(null, null, $all, 0.9), ready(['x' => $peer], ['y' => $peer], ['z' => $peer]), "\n";
stream_socket_recvfrom($peer, 1, STREAM_OOB);
// now in the one set, now in the other
echo ready([$peer]), ready(null, [$peer]), ready([$peer]), ready(null, null, [$peer]), "\n";
// references to one variable
$same = [&$peer, &$peer];
$write = $except = null;
var_dump(stream_select($same, $write, $except, 0), count($same));
// the same variable for two sets
$set = [$client];
$none = null;
var_dump(stream_select($set, $set, $none, 0), count($set));
--EXPECT--
[1,[],["a","b",7],[]]
[0,[],null,null][1,null,["a","b",7],null][0,null,null,[]]
[1,["a","b",7],null,null][2,["a","b",7],["a","b",7],null][2,["x"],["y"],[]]
[1,null,null,["a","b",7]][2,[],["y"],["z"]]
[0,[],null,null][1,null,[0],null][0,[],null,null][0,null,null,[]]
int(0)
int(0)
int(1)
int(0)
