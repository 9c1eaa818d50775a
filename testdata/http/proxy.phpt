--TEST--
http://: over a proxy, whole URLs and paths
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
$name = serve("HTTP/1.1 200 OK\r\n\r\nby proxy\n", "HTTP/1.1 200 OK\r\n\r\nby proxy again\n", "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
foreach ([true, false] as $full) {
    echo file_get_contents('http://example.invalid/page?x=1', false, stream_context_create(['http' => ['proxy' => "tcp://$name", 'request_fulluri' => $full]]));
}
var_dump(@file_get_contents('http://example.invalid/', false, stream_context_create(['http' => ['proxy' => "tcp://$name", 'header' => 'Proxy-Authorization: Basic eDp5']])));
asked();
var_dump(@file_get_contents('http://example.invalid/', false, stream_context_create(['http' => ['proxy' => "tcp://$name", 'timeout' => 1]])));
--EXPECT--
by proxy
by proxy again
bool(false)
GET http://example.invalid/page?x=1 HTTP/1.1
Host: example.invalid
Connection: close
--
GET /page?x=1 HTTP/1.1
Host: example.invalid
Connection: close
--
GET / HTTP/1.1
Host: example.invalid
Connection: close
Proxy-Authorization: Basic eDp5
--
bool(false)
