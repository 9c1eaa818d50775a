--TEST--
stream_select, socket_select: exported and imported sockets among streams
--EXTENSIONS--
sockets
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
$listener = socket_create_listen(0, 8);
socket_getsockname($listener, $host, $port);
$stream = socket_export_stream($listener);
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
echo ready(['listener' => $stream, 'b' => $b]), "\n";
$client = stream_socket_client("tcp://127.0.0.1:$port");
echo ready(['listener' => $stream, 'b' => $b], null, null, 0.9), "\n";
$read = ['listener' => $listener, 'b' => socket_import_stream($b)];
$write = $except = null;
var_dump(socket_select($read, $write, $except, 0), array_keys($read));
$peer = stream_socket_accept($stream, 1);
fwrite($a, 'x');
echo ready(['listener' => $stream, 'b' => $b, 'peer' => $peer], ['peer' => $peer]), "\n";
// an import turns the buffer off
fwrite($client, "one\ntwo\n");
$import = socket_import_stream($peer);
echo ready(['peer' => $peer], null, null, 0.9), json_encode(fread($peer, 2)), ready(['peer' => $peer]), stream_get_meta_data($peer)['unread_bytes'], "\n";
socket_close($listener);
try {
    echo ready(['listener' => $stream, 'b' => $b]), "\n";
} catch (TypeError $e) {
    echo $e->getMessage(), "\n";
}
echo ready(['b' => $b]), "\n";
--EXPECT--
[0,[],null,null]
[1,["listener"],null,null]
int(1)
array(1) {
  [0]=>
  string(8) "listener"
}
[2,["b"],["peer"],null]
[1,["peer"],null,null]"on"[1,["peer"],null,null]0
stream_select(): supplied resource is not a valid stream resource
[1,["b"],null,null]
