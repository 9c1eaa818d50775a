--TEST--
STREAM_OOB: only the last byte is out of band, reading stops at its place
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener, 1);
function exception($peer) {
    $read = $write = null;
    $except = [$peer];
    return stream_select($read, $write, $except, 0, 500000);
}
var_dump(stream_socket_sendto($client, 'abc', STREAM_OOB), exception($peer));
var_dump(stream_socket_recvfrom($peer, 10, STREAM_OOB | STREAM_PEEK), stream_socket_recvfrom($peer, 10, STREAM_OOB));
var_dump(stream_socket_recvfrom($peer, 10, STREAM_OOB), fread($peer, 10));
// reading stops at the mark
fwrite($client, 'one');
stream_socket_sendto($client, '!', STREAM_OOB);
fwrite($client, 'two');
var_dump(exception($peer));
var_dump(stream_socket_recvfrom($peer, 100), stream_socket_recvfrom($peer, 10, STREAM_OOB), stream_socket_recvfrom($peer, 100));
// the other direction, and what has no such thing
var_dump(stream_socket_sendto($peer, '?', STREAM_OOB), exception($client), stream_socket_recvfrom($client, 1, STREAM_OOB));
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_DGRAM, 0);
var_dump(stream_socket_recvfrom($b, 1, STREAM_OOB), @stream_socket_sendto($a, 'x', STREAM_OOB), trim(error_get_last()['message']));
--EXPECT--
int(3)
int(1)
string(1) "c"
string(1) "c"
bool(false)
string(2) "ab"
int(1)
string(3) "one"
string(1) "!"
string(3) "two"
int(1)
int(1)
string(1) "?"
bool(false)
int(-1)
string(47) "stream_socket_sendto(): Operation not supported"
