--TEST--
stream_select: connections, ends of connections and datagrams make readable, room makes writable
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$udp = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
function ready($read, $write = null) {
    $except = null;
    $n = stream_select($read, $write, $except, 0, 20000);
    return $n . ' ' . implode(',', array_keys($read ?? [])) . ' ' . implode(',', array_keys($write ?? []));
}
$all = ['listener' => $listener, 'udp' => $udp];
var_dump(ready($all));
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
var_dump(ready($all));
stream_socket_sendto($udp, 'x', 0, stream_socket_get_name($udp, false));
var_dump(ready($all));
$peer = stream_socket_accept($listener);
var_dump(ready(['client' => $client, 'peer' => $peer], ['client' => $client]));
fclose($peer);
var_dump(ready(['client' => $client], ['client' => $client]));
stream_set_blocking($client, false);
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
stream_set_blocking($a, false);
while (fwrite($a, str_repeat('x', 100000)));
var_dump(ready(null, ['a' => $a, 'b' => $b]));
--EXPECT--
string(3) "0  "
string(11) "1 listener "
string(15) "2 listener,udp "
string(9) "1  client"
string(15) "2 client client"
string(4) "1  b"
