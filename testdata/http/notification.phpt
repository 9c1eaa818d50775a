--TEST--
http://: a stream notification callback sees connect, headers, progress and the end
--INI--
allow_url_fopen=1
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
if (PHP_VERSION_ID >= 80300) die('skip later releases report the end of the transfer as well');
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
$name = serve("HTTP/1.1 302 Found\r\nLocation: /two\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nContent-Length: 20000\r\n\r\n" . str_repeat('x', 20000), "HTTP/1.1 404 Not Found\r\n\r\n");
$names = array_flip(array_filter(get_defined_constants(), fn($value, $name) => str_starts_with($name, 'STREAM_NOTIFY_') && !str_contains($name, 'SEVERITY'), ARRAY_FILTER_USE_BOTH));
$last = 0;
$sum = [];
$notify = function ($what, $severity, $message, $code, $transferred, $max) use ($names, $name, &$sum) {
    if ($what === STREAM_NOTIFY_PROGRESS) {
        $sum = [$transferred, $max];
        return;
    }
    echo "$names[$what] $severity ", var_export($message === null ? null : str_replace($name, 'HOST', $message), true), " $code $transferred $max\n";
};
$context = stream_context_create(['http' => ['protocol_version' => 1.1]], ['notification' => $notify]);
var_dump(strlen(file_get_contents("http://$name/one", false, $context)), $sum);
var_dump(@file_get_contents("http://$name/missing", false, $context));
asked();
var_dump(@file_get_contents("http://$name/gone", false, $context));
--EXPECT--
STREAM_NOTIFY_CONNECT 0 NULL 0 0 0
STREAM_NOTIFY_REDIRECTED 0 '/two' 0 0 0
STREAM_NOTIFY_CONNECT 0 NULL 0 0 0
STREAM_NOTIFY_MIME_TYPE_IS 0 'text/x' 0 0 0
STREAM_NOTIFY_FILE_SIZE_IS 0 'Content-Length: 20000' 0 0 20000
int(20000)
array(2) {
  [0]=>
  int(20000)
  [1]=>
  int(0)
}
STREAM_NOTIFY_CONNECT 0 NULL 0 0 0
STREAM_NOTIFY_FAILURE 2 'HTTP/1.1 404 Not Found
' 404 0 0
bool(false)
GET /one HTTP/1.1
Host: HOST
Connection: close
--
GET /two HTTP/1.1
Host: HOST
Connection: close
--
GET /missing HTTP/1.1
Host: HOST
Connection: close
--
bool(false)
