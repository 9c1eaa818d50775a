--TEST--
A socket closes when its last reference goes, not before
--FILE--
<?php
function clientOf($server) { return stream_socket_client('tcp://' . stream_socket_get_name($server, false)); }
function ended($client) {
    $read = [$client];
    $write = $except = null;
    return stream_select($read, $write, $except, 0, 20000) === 1 && fread($client, 1) === '';
}
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = clientOf($server);
$peer = stream_socket_accept($server);
$other = [$peer];
unset($peer);
var_dump(ended($client));
$other = null;
var_dump(ended($client));
$client = clientOf($server);
stream_socket_accept($server);
var_dump(ended($client));
(function () use ($server) { $client = clientOf($server); $GLOBALS['peer'] = stream_socket_accept($server); })();
var_dump(ended($peer));
class Node { public $other, $stream; }
$client = clientOf($server);
$node = new Node;
$node->other = $node;
$node->stream = stream_socket_accept($server);
unset($node);
var_dump(ended($client), gc_collect_cycles() > 0, ended($client));
--EXPECT--
bool(false)
bool(true)
bool(true)
bool(true)
bool(false)
bool(true)
bool(true)
