--TEST--
http://: the socket options of its context count
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
$name = serve("HTTP/1.1 200 OK\r\n\r\nhello\n");
$stream = fopen("http://$name/", 'r', false, stream_context_create(['socket' => ['bindto' => '127.0.0.8:0', 'tcp_nodelay' => true]]));
var_dump(explode(':', stream_socket_get_name($stream, false))[0], stream_socket_get_name($stream, true) === $name);
$read = [$stream];
$write = $except = null;
var_dump(stream_select($read, $write, $except, 1), fgets($stream));
asked();
--EXPECT--
string(9) "127.0.0.8"
bool(true)
int(1)
string(6) "hello
"
GET / HTTP/1.1
Host: HOST
Connection: close
--
