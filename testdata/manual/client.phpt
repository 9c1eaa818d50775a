--TEST--
The client of the manual's page of stream_socket_client() reads until feof()
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$code = <<<'CODE'
$socket = stream_socket_server("tcp://127.0.0.1:0");
echo stream_socket_get_name($socket, false), "\n";
$conn = stream_socket_accept($socket, 5);
while (trim($line = fgets($conn)) !== '') echo $line;
fwrite($conn, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n");
for ($i = 0; $i < 3; $i++) {
    usleep(5000);
    fwrite($conn, "line $i\n");
}
CODE;
$server = proc_open([PHP_BINARY, '-n', '-r', $code], [1 => ['pipe', 'w']], $pipes);
$fp = stream_socket_client('tcp://' . trim(fgets($pipes[1])), $errno, $errstr, 30);
if (!$fp) {
    echo "$errstr ($errno)<br />\n";
} else {
    fwrite($fp, "GET / HTTP/1.0\r\nHost: www.example.com\r\nAccept: */*\r\n\r\n");
    while (!feof($fp)) {
        echo fgets($fp, 1024);
    }
    fclose($fp);
}
echo str_replace("\r", '', stream_get_contents($pipes[1]));
proc_close($server);
--EXPECT--
HTTP/1.0 200 OK
Content-Type: text/plain

line 0
line 1
line 2
GET / HTTP/1.0
Host: www.example.com
Accept: */*
