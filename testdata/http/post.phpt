--TEST--
http://: POST, PUT and other methods with content
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
$name = serve(...array_fill(0, 4, "HTTP/1.1 200 OK\r\n\r\nthanks\n"));
foreach ([
    ['method' => 'POST', 'header' => 'Content-Type: application/x-www-form-urlencoded', 'content' => http_build_query(['a' => 1, 'b' => 'x y'])],
    ['method' => 'PUT', 'header' => "Content-Type: text/plain\r\nX-More: 1", 'content' => str_repeat('0123456789', 20)],
    ['method' => 'DELETE'],
    ['method' => 'POST', 'content' => 'no type'],
] as $options) {
    echo @file_get_contents("http://$name/form", false, stream_context_create(['http' => $options]));
}
asked();
--EXPECT--
thanks
thanks
thanks
thanks
POST /form HTTP/1.1
Host: HOST
Connection: close
Content-Length: 9
Content-Type: application/x-www-form-urlencoded

a=1&b=x+y
--
PUT /form HTTP/1.1
Host: HOST
Connection: close
Content-Length: 200
Content-Type: text/plain
X-More: 1

01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789
--
DELETE /form HTTP/1.1
Host: HOST
Connection: close
--
POST /form HTTP/1.1
Host: HOST
Connection: close
Content-Length: 7
Content-Type: application/x-www-form-urlencoded

no type
--
