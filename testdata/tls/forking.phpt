--TEST--
TLS: a server that forks for every client, whether or not it closes the stream itself
--EXTENSIONS--
openssl
pcntl
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip the goodbye of the one process that closes ends the session of both');
--FILE--
<?php
require './tls.inc';
$file = identity();
foreach ([true, false] as $closes) {
    $s = stream_socket_server('ssl://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
        stream_context_create(['ssl' => ['local_cert' => $file]]));
    $address = stream_socket_get_name($s, false);
    if (!($client = pcntl_fork())) {
        $context = stream_context_create(['ssl' => ['cafile' => $file, 'peer_name' => 'localhost']]);
        for ($i = 0; $i < 5; $i++) {
            $c = stream_socket_client("ssl://$address", $no, $text, 5, STREAM_CLIENT_CONNECT, $context);
            fwrite($c, "hello $i\n");
            echo stream_get_contents($c);
        }
        exit(0);
    }
    $kept = [];
    for ($i = 0; $i < 5; $i++) {
        $c = $kept[] = stream_socket_accept($s, 10);
        if (!pcntl_fork()) {
            fwrite($c, strtoupper(fgets($c)));
            if ($i % 2) fclose($c); // or it ends with the process
            exit(0);
        }
        if ($closes) fclose($c);
    }
    pcntl_waitpid($client, $status);
    while (pcntl_wait($status) > 0);
}
--EXPECT--
HELLO 0
HELLO 1
HELLO 2
HELLO 3
HELLO 4
HELLO 0
HELLO 1
HELLO 2
HELLO 3
HELLO 4
--CLEAN--
<?php
require './tls.inc';
tidy();
