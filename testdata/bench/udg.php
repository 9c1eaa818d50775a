<?php
// Sends every datagram back on a unix socket, to the only client, until it is ended. stream_socket_sendto() takes no
// path: the replies go through a socket that is connected with the client's. Argument: the path.
$server = stream_socket_server("udg://$argv[1]", $errno, $error, STREAM_SERVER_BIND);
echo stream_socket_get_name($server, false), "\n";
$data = stream_socket_recvfrom($server, 1500, 0, $peer);
$client = stream_socket_client("udg://$peer");
while ($data !== '' && $data !== false) {
    fwrite($client, $data);
    $data = stream_socket_recvfrom($server, 1500, 0, $peer);
}
