--TEST--
Shutdown functions can still use open sockets, which are closed after them
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$code = <<<'CODE'
$clients = [];
for ($i = 0; $i < 3; $i++) fwrite($clients[] = stream_socket_client($argv[1]), "$i\n");
register_shutdown_function(function () use ($clients) { fwrite($clients[0], "shutdown\n"); });
$GLOBALS['self'] = $clients;
CODE;
$child = proc_open([PHP_BINARY, '-n', '-r', $code, '--', 'tcp://' . stream_socket_get_name($server, false)], [], $pipes);
for ($i = 0; $i < 3; $i++) $peers[trim(fgets($peer = stream_socket_accept($server, 5)))] = $peer;
proc_close($child);
var_dump(stream_get_contents($peers[0]), stream_get_contents($peers[1]), stream_get_contents($peers[2]));
--EXPECT--
string(9) "shutdown
"
string(0) ""
string(0) ""
