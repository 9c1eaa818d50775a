<?php
// Sends every datagram back to its sender, until it is ended.
$server = stream_socket_server('udp://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND);
echo stream_socket_get_name($server, false), "\n";
while (($data = stream_socket_recvfrom($server, 1500, 0, $peer)) !== '') {
    stream_socket_sendto($server, $data, 0, $peer);
}
