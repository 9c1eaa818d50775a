--TEST--
ssl:// and its like: clients of a server in another process, by every function that connects
--EXTENSIONS--
openssl
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
require './tls.inc';
$file = identity();
$server = <<<'CODE'
$s = stream_socket_server($argv[1] . '://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['ssl' => ['local_cert' => $argv[2], 'SNI_enabled' => true]]));
echo stream_socket_get_name($s, false), "\n";
for ($n = (int) $argv[3]; $n > 0; $n--) {
    if (!($c = @stream_socket_accept($s, 10))) continue;
    for ($http = ''; ($line = fgets($c)) !== false && trim($line) !== '';) {
        if (str_contains($line, 'HTTP/')) $http = "HTTP/1.0 200 OK\r\n\r\n$line";
        if ($http === '') fwrite($c, strtoupper($line));
    }
    fwrite($c, $http);
    fclose($c);
}
CODE;
function serve(string $transport, int $clients): string {
    global $server, $file, $process, $pipes;
    $process = proc_open([PHP_BINARY, '-n', '-r', $server, '--', $transport, $file, (string) $clients], [1 => ['pipe', 'w']], $pipes);
    return trim(fgets($pipes[1]));
}
$context = stream_context_create(['ssl' => ['cafile' => $file]]);
foreach (['ssl', 'tlsv1.2', 'tlsv1.3'] as $transport) {
    $name = serve($transport, 2);
    foreach ([STREAM_CLIENT_CONNECT, STREAM_CLIENT_CONNECT | STREAM_CLIENT_ASYNC_CONNECT] as $flags) {
        $c = stream_socket_client("$transport://$name", $no, $text, 5, $flags, $context);
        fwrite($c, "hello\n");
        $crypto = stream_get_meta_data($c)['crypto'];
        echo trim(fgets($c)), ' ', $crypto['protocol'], ' ', stream_socket_get_name($c, true) === $name ? 'named' : '?', " $no $text\n";
        fwrite($c, "\n");
        echo json_encode(fgets($c)), ' ', json_encode(feof($c)), "\n";
    }
    proc_close($process);
}
set_error_handler(function ($level, $text) use (&$name) { echo str_replace($name, 'NAME', $text), "\n"; });
$name = serve('ssl', 3);
var_dump(stream_socket_client("ssl://$name", $no, $text, 5), $no, $text); // an authority that nobody knows
var_dump(stream_socket_client("ssl://$name", $no, $text, 5, STREAM_CLIENT_CONNECT,
    stream_context_create(['ssl' => ['cafile' => $file, 'peer_name' => 'elsewhere']])));
$c = stream_socket_client("tcp://$name", $no, $text, 5, STREAM_CLIENT_CONNECT, $context);
var_dump(stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT)); // the certificate has the address, too
fclose($c);
proc_close($process);
$name = serve('tls', 1);
echo file_get_contents("https://$name/there", false, $context);
proc_close($process);
var_dump(stream_socket_client("ssl://$name", $no, $text, 5), $no, $text);
var_dump(fsockopen("tls://$name", -1, $no, $text, 5), $no, $text);
--EXPECTF--
HELLO TLSv1.3 named 0 
false true
HELLO TLSv1.3 named 0 
false true
HELLO TLSv1.2 named 0 
false true
HELLO TLSv1.2 named 0 
false true
HELLO TLSv1.3 named 0 
false true
HELLO TLSv1.3 named 0 
false true
stream_socket_client(): SSL operation failed with code 1. OpenSSL Error messages:
error:%scertificate verify failed
stream_socket_client(): Failed to enable crypto
stream_socket_client(): Unable to connect to ssl://NAME (Unknown error)
bool(false)
int(0)
string(0) ""
stream_socket_client(): Peer certificate %s did not match expected %s`elsewhere'
stream_socket_client(): Failed to enable crypto
stream_socket_client(): Unable to connect to ssl://NAME (Unknown error)
bool(false)
bool(true)
GET /there HTTP/1.1
stream_socket_client(): Unable to connect to ssl://NAME (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
fsockopen(): Unable to connect to tls://NAME:-1 (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
--CLEAN--
<?php
require './tls.inc';
tidy();
