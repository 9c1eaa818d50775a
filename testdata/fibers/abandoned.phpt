--TEST--
Fibers that are never resumed give up their sockets when they go
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$fiber = new Fiber(function () use ($server) {
    $client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
    try { Fiber::suspend(); } finally { echo "finally\n"; }
    echo "not reached\n";
});
$fiber->start();
$peer = stream_socket_accept($server, 1);
stream_set_blocking($peer, false);
var_dump(fread($peer, 1), feof($peer));
$fiber = null;
$read = [$peer];
$write = $except = null;
var_dump(stream_select($read, $write, $except, 1), fread($peer, 1), feof($peer));
$left = new Fiber(function () use ($server) {
    $GLOBALS['last'] = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
    Fiber::suspend();
});
$left->start();
echo "end\n";
--EXPECT--
string(0) ""
bool(false)
finally
int(1)
string(0) ""
bool(true)
end
