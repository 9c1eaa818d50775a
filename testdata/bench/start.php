<?php
// A short script: it listens, says where, and ends.
function listen(string $address)
{
    return stream_socket_server($address);
}

$server = listen('tcp://127.0.0.1:0');
echo stream_socket_get_name($server, false), "\n";
fclose($server);
