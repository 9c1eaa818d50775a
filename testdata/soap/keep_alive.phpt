--TEST--
SoapClient: the connection is kept between calls and replaced when the server has closed it
--EXTENSIONS--
soap
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$code = <<<'CODE'
$socket = stream_socket_server('tcp://127.0.0.1:0');
echo stream_socket_get_name($socket, false), "\n";
foreach ([2, 1] as $connection => $calls) {
    $conn = stream_socket_accept($socket, 5);
    for ($i = 1; $i <= $calls; $i++) {
        for ($length = 0; trim($line = fgets($conn)) !== '';) if (stripos($line, 'Content-Length:') === 0) $length = (int) substr($line, 15);
        stream_get_contents($conn, $length);
        $body = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><r xmlns="urn:x"><return>'
            . "call $i of connection $connection</return></r></e:Body></e:Envelope>";
        fwrite($conn, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: " . strlen($body) . "\r\n\r\n$body");
    }
    fclose($conn);
    echo "closed\n";
}
CODE;
$server = proc_open([PHP_BINARY, '-n', '-r', $code], [1 => ['pipe', 'w']], $pipes);
$client = new SoapClient(null, ['location' => 'http://' . trim(fgets($pipes[1])) . '/', 'uri' => 'urn:x', 'keep_alive' => true]);
var_dump($client->one(), $client->two());
echo fgets($pipes[1]);
var_dump($client->three());
echo stream_get_contents($pipes[1]);
proc_close($server);
--EXPECT--
string(22) "call 1 of connection 0"
string(22) "call 2 of connection 0"
closed
string(22) "call 1 of connection 1"
closed
