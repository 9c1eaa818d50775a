--TEST--
http://: chunked answers of HTTP/1.1, and those with a length
--INI--
allow_url_fopen=1
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
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
$chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
$name = serve($chunked . "5\r\nhello\r\n7;x=y\r\n, world\r\n1\r\n\n\r\n0\r\n\r\n", $chunked . dechex(20000) . "\r\n" . str_repeat('x', 20000) . "\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345 and more");
$context = stream_context_create(['http' => ['protocol_version' => 1.1]]);
echo file_get_contents("http://$name/1", false, $context);
var_dump(strlen(file_get_contents("http://$name/2", false, $context)));
var_dump(file_get_contents("http://$name/3", false, $context));
asked();
--EXPECT--
hello, world
int(20000)
string(14) "12345 and more"
GET /1 HTTP/1.1
Host: HOST
Connection: close
--
GET /2 HTTP/1.1
Host: HOST
Connection: close
--
GET /3 HTTP/1.1
Host: HOST
Connection: close
--
