--TEST--
stream_select: streams without a descriptor, closed by shutdown, and pending connects among others
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
$listener = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($listener, false);
$idle = stream_socket_client("tcp://$name", $code, $message, 1, 0);
$unbound = stream_socket_server('tcp://127.0.0.1:0', $code, $message, 0);
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($a, 'x');
echo ready(['idle' => $idle, 'unbound' => $unbound, 'b' => $b]), ready(['b' => $b], ['idle' => $idle]), "\n";
try {
    echo ready(['idle' => $idle, 'unbound' => $unbound]), "\n";
} catch (ValueError $e) {
    echo $e->getMessage(), "\n";
}
$async = stream_socket_client("tcp://$name", $code, $message, 1, STREAM_CLIENT_ASYNC_CONNECT);
echo ready(null, ['async' => $async, 'idle' => $idle], null, 0.9), ready(['listener' => $listener, 'async' => $async], null, null, 0.9), "\n";
$peer = stream_socket_accept($listener, 1);
stream_socket_shutdown($async, STREAM_SHUT_RDWR);
echo ready(['async' => $async, 'peer' => $peer], ['async' => $async, 'peer' => $peer], ['async' => $async, 'peer' => $peer]), "\n";
stream_socket_shutdown($listener, STREAM_SHUT_RDWR);
echo ready(['listener' => $listener]), ready(null, ['listener' => $listener]), "\n";
$bound = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
echo ready(['bound' => $bound]), ready(null, ['bound' => $bound]), ready(null, null, ['bound' => $bound]), "\n";
--EXPECT--
[1,["b"],null,null][1,["b"],[],null]
No stream arrays were passed
[1,null,["async"],null][1,["listener"],null,null]
[4,["async","peer"],["async","peer"],[]]
[1,["listener"],null,null][1,null,["listener"],null]
[1,["bound"],null,null][1,null,["bound"],null][0,null,null,[]]
