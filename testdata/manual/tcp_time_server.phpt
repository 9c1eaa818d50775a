--TEST--
The TCP server of the manual's page of stream_socket_server(), asked for the time three times
--INI--
date.timezone=UTC
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$code = <<<'CODE'
$socket = stream_socket_server("tcp://127.0.0.1:0", $errno, $errstr);
echo stream_socket_get_name($socket, false), "\n";
if (!$socket) {
  echo "$errstr ($errno)<br />\n";
} else {
  while ($conn = stream_socket_accept($socket)) {
    fwrite($conn, 'The local time is ' . date('n/j/Y g:i a') . "\n");
    fclose($conn);
  }
  fclose($socket);
}
CODE;
$server = proc_open([PHP_BINARY, '-n', '-d', 'date.timezone=UTC', '-r', $code], [1 => ['pipe', 'w']], $pipes);
$name = trim(fgets($pipes[1]));
for ($i = 0; $i < 3; $i++) {
    $client = stream_socket_client("tcp://$name", $errno, $errstr, 5);
    $before = time();
    $answer = stream_get_contents($client);
    var_dump(in_array($answer, array_map(fn ($t) => 'The local time is ' . date('n/j/Y g:i a', $t) . "\n", [$before, $before - 1, time()]), true));
}
proc_terminate($server, 9);
--EXPECT--
bool(true)
bool(true)
bool(true)
