--TEST--
http://: error statuses, with and without ignore_errors, broken answers, nobody there
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
$name = serve("HTTP/1.1 404 Not Found\r\n\r\nno such thing\n", "HTTP/1.1 500 Oops\r\nX-Why: because\r\n\r\nit broke\n", "not http at all\n", '');
set_error_handler(function ($level, $text) use ($name) { echo "$level ", str_replace($name, 'HOST', $text), "\n"; });
var_dump(file_get_contents("http://$name/missing"), $http_response_header);
var_dump(file_get_contents("http://$name/broken", false, stream_context_create(['http' => ['ignore_errors' => true]])), $http_response_header);
var_dump(file_get_contents("http://$name/strange"));
var_dump(file_get_contents("http://$name/closes"));
asked();
var_dump(file_get_contents("http://$name/gone"));
var_dump(file_get_contents('http://127.0.0.1:1/x', false, stream_context_create(['http' => ['timeout' => 0.5]])));
var_dump(@fopen('http://', 'r'), @fopen("http://$name/", 'w'), file_exists("http://$name/"));
--EXPECT--
2 file_get_contents(http://HOST/missing): Failed to open stream: HTTP request failed! HTTP/1.1 404 Not Found

bool(false)
array(1) {
  [0]=>
  string(22) "HTTP/1.1 404 Not Found"
}
string(9) "it broke
"
array(2) {
  [0]=>
  string(17) "HTTP/1.1 500 Oops"
  [1]=>
  string(14) "X-Why: because"
}
2 file_get_contents(http://HOST/strange): Failed to open stream: HTTP request failed! not http at all

bool(false)
2 file_get_contents(http://HOST/closes): Failed to open stream: HTTP request failed!
bool(false)
GET /missing HTTP/1.1
Host: HOST
Connection: close
--
GET /broken HTTP/1.1
Host: HOST
Connection: close
--
GET /strange HTTP/1.1
Host: HOST
Connection: close
--
GET /closes HTTP/1.1
Host: HOST
Connection: close
--
2 file_get_contents(http://HOST/gone): Failed to open stream: Connection refused
bool(false)
2 file_get_contents(http://127.0.0.1:1/x): Failed to open stream: Connection refused
bool(false)
2 fopen(http://): Failed to open stream: operation failed
2 fopen(http://HOST/): Failed to open stream: HTTP wrapper does not support writeable connections
bool(false)
bool(false)
bool(false)
