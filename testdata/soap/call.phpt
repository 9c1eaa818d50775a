--TEST--
SoapClient: calls over http, an answer, a fault, nobody there
--INI--
allow_url_fopen=1
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--EXTENSIONS--
soap
--FILE--
<?php
// a server of our own: gives the answers one after the other and says what it was asked
$code = <<<'CODE'
$socket = stream_socket_server('tcp://127.0.0.1:0');
echo $name = stream_socket_get_name($socket, false), "\n";
foreach (unserialize(base64_decode($argv[1])) as $answer) {
    $conn = stream_socket_accept($socket, 5);
    for ($request = ''; ($line = fgets($conn)) !== false && trim($line) !== ''; $request .= $line);
    $length = preg_match('/^Content-Length: (\d+)/mi', $request, $m) ? (int) $m[1] : 0;
    if ($length) $request .= "\n" . stream_get_contents($conn, $length) . "\n";
    echo strtr($request, [$name => 'HOST', "\r" => '']), "--\n";
    fwrite($conn, str_replace('HOST', $name, $answer));
    fclose($conn);
}
CODE;
function serve(string ...$answers): string {
    global $code, $server, $pipes;
    $server = proc_open([PHP_BINARY, '-n', '-r', $code, '--', base64_encode(serialize($answers))], [1 => ['pipe', 'w']], $pipes);
    return trim(fgets($pipes[1]));
}
function asked(): void {
    global $server, $pipes;
    echo stream_get_contents($pipes[1]);
    proc_close($server);
}
$envelope = fn($body) => "<?xml version=\"1.0\"?><e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>$body</e:Body></e:Envelope>";
$answer = fn($status, $body) => "HTTP/1.1 $status\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: " . strlen($body) . "\r\n\r\n$body";
$name = serve(
    $answer('200 OK', $envelope('<addResponse xmlns="urn:x"><return>5</return></addResponse>')),
    $answer('500 Error', $envelope('<e:Fault><faultcode>e:Server</faultcode><faultstring>no way</faultstring></e:Fault>')),
);
$client = new SoapClient(null, ['location' => "http://$name/soap", 'uri' => 'urn:x', 'user_agent' => 'tester', 'trace' => true]);
var_dump($client->add(2, 3));
try {
    $client->fail();
} catch (SoapFault $e) {
    var_dump($e->faultcode, $e->faultstring);
}
asked();
try {
    $client->gone();
} catch (SoapFault $e) {
    var_dump($e->faultcode, $e->faultstring);
}
--EXPECT--
string(1) "5"
string(8) "e:Server"
string(6) "no way"
POST /soap HTTP/1.1
Host: HOST
Connection: Keep-Alive
User-Agent: tester
Content-Type: text/xml; charset=utf-8
SOAPAction: "urn:x#add"
Content-Length: 505

<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="urn:x" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><SOAP-ENV:Body><ns1:add><param0 xsi:type="xsd:int">2</param0><param1 xsi:type="xsd:int">3</param1></ns1:add></SOAP-ENV:Body></SOAP-ENV:Envelope>

--
POST /soap HTTP/1.1
Host: HOST
Connection: Keep-Alive
User-Agent: tester
Content-Type: text/xml; charset=utf-8
SOAPAction: "urn:x#fail"
Content-Length: 369

<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="urn:x" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><SOAP-ENV:Body><ns1:fail/></SOAP-ENV:Body></SOAP-ENV:Envelope>

--
string(4) "HTTP"
string(25) "Could not connect to host"
