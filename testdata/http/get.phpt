--TEST--
http://: a GET with headers of its own, what comes back and the stream of it
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
$name = serve("HTTP/1.1 200 OK\r\nX-One: 1\r\nX-Two: 2\r\nContent-Type: text/plain\r\n\r\nline 1\nline 2\n", "HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n");
$context = stream_context_create(['http' => ['header' => ['X-Mine: yes', 'Accept: text/plain'], 'user_agent' => 'tester/1', 'protocol_version' => 1.1]]);
$stream = fopen("http://$name/path?query=1#fragment", 'r', false, $context);
$data = stream_get_meta_data($stream);
unset($data['uri']);
var_dump($data['wrapper_data'], $data['wrapper_type'], $data['blocked'], $data['timed_out'], $data['mode'], $data['seekable']);
var_dump(fgets($stream), feof($stream), fgets($stream), fgets($stream), feof($stream));
fclose($stream);
ini_set('user_agent', 'from the settings');
var_dump(file_get_contents("http://$name"), file("http://user:secret@$name/"));
asked();
--EXPECT--
array(4) {
  [0]=>
  string(15) "HTTP/1.1 200 OK"
  [1]=>
  string(8) "X-One: 1"
  [2]=>
  string(8) "X-Two: 2"
  [3]=>
  string(24) "Content-Type: text/plain"
}
string(4) "http"
bool(true)
bool(false)
string(1) "r"
bool(false)
string(7) "line 1
"
bool(false)
string(7) "line 2
"
bool(false)
bool(true)
string(0) ""
array(0) {
}
GET /path?query=1 HTTP/1.1
Host: HOST
Connection: close
User-Agent: tester/1
X-Mine: yes
Accept: text/plain
--
GET / HTTP/1.1
Host: HOST
Connection: close
User-Agent: from the settings
--
GET / HTTP/1.1
Authorization: Basic dXNlcjpzZWNyZXQ=
Host: HOST
Connection: close
User-Agent: from the settings
--
