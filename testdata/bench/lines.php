<?php
// Sends back the first line of every request, which ends with an empty line, on one connection.
$server = stream_socket_server('tcp://127.0.0.1:0');
echo stream_socket_get_name($server, false), "\n";
$client = stream_socket_accept($server, 30);
while (($first = fgets($client)) !== false) {
    while (fgets($client) !== "\n") {
    }
    fwrite($client, $first);
}
