--TEST--
http://: redirects are followed, up to a number, or not at all
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
$to = fn($where, $status = 302) => "HTTP/1.1 $status Moved\r\nLocation: $where\r\n\r\nbody of $where\n";
$name = serve($to('/two'), $to('http://HOST/three', 301), "HTTP/1.1 200 OK\r\n\r\nhere\n",
    $to('/a'), $to('/b'),
    $to('/not'),
    $to('/see', 303), "HTTP/1.1 200 OK\r\n\r\nafter post\n");
echo file_get_contents("http://$name/one");
echo str_replace($name, 'HOST', implode("\n", $http_response_header)), "\n";
set_error_handler(function ($level, $text) use ($name) { echo str_replace($name, 'HOST', $text), "\n"; });
var_dump(file_get_contents("http://$name/loop", false, stream_context_create(['http' => ['max_redirects' => 2]])));
echo file_get_contents("http://$name/stay", false, stream_context_create(['http' => ['follow_location' => 0]]));
echo file_get_contents("http://$name/post", false, stream_context_create(['http' => ['method' => 'POST', 'content' => 'x', 'header' => 'Content-Type: a/b']]));
asked();
--EXPECT--
here
HTTP/1.1 302 Moved
Location: /two
HTTP/1.1 301 Moved
Location: http://HOST/three
HTTP/1.1 200 OK
file_get_contents(http://HOST/loop): Failed to open stream: Redirection limit reached, aborting
bool(false)
body of /not
after post
GET /one HTTP/1.1
Host: HOST
Connection: close
--
GET /two HTTP/1.1
Host: HOST
Connection: close
--
GET /three HTTP/1.1
Host: HOST
Connection: close
--
GET /loop HTTP/1.1
Host: HOST
Connection: close
--
GET /a HTTP/1.1
Host: HOST
Connection: close
--
GET /stay HTTP/1.1
Host: HOST
Connection: close
--
POST /post HTTP/1.1
Host: HOST
Connection: close
Content-Length: 1
Content-Type: a/b

x
--
GET /see HTTP/1.1
Host: HOST
Connection: close
--
