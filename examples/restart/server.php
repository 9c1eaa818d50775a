<?php
// Answers one line per connection. It knows nothing of being replaced.
$server = stream_socket_server($argv[1], $errno, $errstr) or exit("$errstr ($errno)\n");
while ($client = stream_socket_accept($server, -1)) {
    fwrite($client, 'version 1: ' . fgets($client));
    fclose($client);
}
