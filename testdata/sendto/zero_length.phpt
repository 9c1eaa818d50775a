--TEST--
stream_socket_sendto: datagrams without a byte, in rows, on udp, udg pairs and ipv6
--FILE--
<?php
foreach (['127.0.0.1', '[::1]'] as $host) {
    $server = stream_socket_server("udp://$host:0", $code, $message, STREAM_SERVER_BIND);
    $client = stream_socket_client('udp://' . stream_socket_get_name($server, false));
    foreach (['', '', 'x', ''] as $data) echo stream_socket_sendto($client, $data);
    for ($i = 0; $i < 4; $i++) {
        echo json_encode(stream_socket_recvfrom($server, 10, 0, $from)), $from === stream_socket_get_name($client, false) ? '' : ' wrong sender';
    }
    stream_set_blocking($server, false);
    echo json_encode([stream_socket_recvfrom($server, 10), feof($server)]), "\n";
    // fwrite() sends nothing; a read sees an empty datagram as an end
    var_dump(fwrite($client, ''), stream_socket_recvfrom($server, 10));
    stream_socket_sendto($client, '');
    var_dump(fread($server, 10), feof($server));
    stream_socket_sendto($client, 'after');
    var_dump(fread($server, 10), feof($server));
}
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_DGRAM, 0);
stream_set_blocking($b, false);
var_dump(stream_socket_sendto($a, ''), stream_socket_recvfrom($b, 10), stream_socket_recvfrom($b, 10));
--EXPECT--
0010"""""x"""[false,false]
int(0)
bool(false)
string(0) ""
bool(true)
string(5) "after"
bool(true)
0010"""""x"""[false,false]
int(0)
bool(false)
string(0) ""
bool(true)
string(5) "after"
bool(true)
int(0)
string(0) ""
bool(false)
