--TEST--
http://: a body that stops ends the read after its time, and can be gone on with
--INI--
allow_url_fopen=1
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$code = <<<'CODE'
$socket = stream_socket_server('tcp://127.0.0.1:0');
echo stream_socket_get_name($socket, false), "\n";
$conn = stream_socket_accept($socket, 5);
while (trim(fgets($conn)) !== '');
fwrite($conn, "HTTP/1.1 200 OK\r\n\r\nfirst");
fgets(STDIN);
fwrite($conn, "second");
CODE;
$server = proc_open([PHP_BINARY, '-n', '-r', $code], [['pipe', 'r'], ['pipe', 'w']], $pipes);
$stream = fopen('http://' . trim(fgets($pipes[1])) . '/', 'r', false, stream_context_create(['http' => ['timeout' => 0.1]]));
var_dump(fread($stream, 5));
$began = microtime(true);
var_dump(fread($stream, 5), stream_get_meta_data($stream)['timed_out'], feof($stream));
$took = microtime(true) - $began;
var_dump($took > 0.09 && $took < 0.9);
stream_set_timeout($stream, 5);
fwrite($pipes[0], "go\n");
var_dump(stream_get_contents($stream), stream_get_meta_data($stream)['timed_out'], feof($stream));
proc_close($server);
--EXPECT--
string(5) "first"
bool(false)
bool(true)
bool(false)
bool(true)
string(6) "second"
bool(false)
bool(true)
