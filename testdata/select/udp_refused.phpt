--TEST--
stream_select: datagram sockets, empty datagrams and a refusal that came back
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$name = stream_socket_get_name($server, false);
$client = stream_socket_client("udp://$name");
echo ready([$server, $client], [$server, $client]), "\n";
stream_socket_sendto($client, '');
echo ready([$server, $client]), var_export(stream_socket_recvfrom($server, 10), true), ready([$server]), "\n";
stream_socket_sendto($client, 'x');
stream_socket_sendto($client, '');
echo ready([$server]), var_export(fread($server, 10), true), ready([$server]), var_export(stream_socket_recvfrom($server, 10), true), ready([$server]), "\n";
fclose($server);
fwrite($client, 'to nobody');
echo ready([$client], [$client], [$client], 0.5), ready([$client]), ready(null, [$client]), "\n";
var_dump(fread($client, 10));
echo ready([$client]), "\n";
--EXPECT--
[2,[],[0,1],null]
[1,[0],null,null]''[0,[],null,null]
[1,[0],null,null]'x'[1,[0],null,null]''[0,[],null,null]
[2,[0],[0],[]][1,[0],null,null][1,null,[0],null]
bool(false)
[0,[],null,null]
