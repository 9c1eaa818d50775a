--TEST--
http:// goes over the tcp transport: a client and a server of our own
--INI--
allow_url_fopen=1
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$code = <<<'CODE'
$socket = stream_socket_server("tcp://127.0.0.1:0");
echo stream_socket_get_name($socket, false), "\n";
for ($i = 0; $i < 2; $i++) {
    $conn = stream_socket_accept($socket, 5);
    $request = fgets($conn);
    while (trim(fgets($conn)) !== '');
    fwrite($conn, "HTTP/1.1 200 OK\r\nX-Number: $i\r\nConnection: close\r\n\r\nYou said " . trim($request) . "\n");
    fclose($conn);
}
CODE;
$server = proc_open([PHP_BINARY, '-n', '-r', $code], [1 => ['pipe', 'w']], $pipes);
$url = 'http://' . trim(fgets($pipes[1]));
echo file_get_contents("$url/one?a=b");
var_dump($http_response_header);
$stream = fopen("$url/two", 'r');
var_dump(strtok(stream_get_meta_data($stream)['stream_type'], '/'), stream_get_meta_data($stream)['wrapper_type']);
var_dump('http://' . stream_socket_get_name($stream, true) === $url);
echo stream_get_contents($stream);
proc_close($server);
--EXPECT--
You said GET /one?a=b HTTP/1.1
array(3) {
  [0]=>
  string(15) "HTTP/1.1 200 OK"
  [1]=>
  string(11) "X-Number: 0"
  [2]=>
  string(17) "Connection: close"
}
string(10) "tcp_socket"
string(4) "http"
bool(true)
You said GET /two HTTP/1.1
