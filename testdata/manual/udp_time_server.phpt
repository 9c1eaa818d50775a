--TEST--
The UDP server of the manual's page of stream_socket_server(), asked for the time three times
--INI--
date.timezone=UTC
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$code = <<<'CODE'
$socket = stream_socket_server("udp://127.0.0.1:0", $errno, $errstr, STREAM_SERVER_BIND);
echo stream_socket_get_name($socket, false), "\n";
if (!$socket) {
    die("$errstr ($errno)");
}
do {
    $pkt = stream_socket_recvfrom($socket, 1, 0, $peer);
    echo "$peer\n";
    stream_socket_sendto($socket, date("D M j H:i:s Y\r\n"), 0, $peer);
} while ($pkt !== false);
CODE;
$server = proc_open([PHP_BINARY, '-n', '-d', 'date.timezone=UTC', '-r', $code], [1 => ['pipe', 'w']], $pipes);
$name = trim(fgets($pipes[1]));
for ($i = 0; $i < 3; $i++) {
    $client = stream_socket_client("udp://$name");
    stream_set_timeout($client, 5);
    $before = time();
    fwrite($client, "\n");
    $answer = fread($client, 100);
    var_dump(abs(strtotime(trim($answer)) - $before) <= 1, str_ends_with($answer, "\r\n"));
    var_dump(trim(fgets($pipes[1])) === stream_socket_get_name($client, false));
}
proc_terminate($server, 9);
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
