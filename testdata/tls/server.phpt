--TEST--
ssl:// servers: clients, strangers, and nobody
--EXTENSIONS--
openssl
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
require './tls.inc';
$file = identity();
$client = <<<'CODE'
$c = stream_socket_client($argv[1], $no, $text, 5, STREAM_CLIENT_CONNECT,
    stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]));
fwrite($c, "hello\n");
echo fgets($c);
CODE;
function call(string $address): void {
    global $client, $process, $pipes;
    $process = proc_open([PHP_BINARY, '-n', '-r', $client, '--', $address], [1 => ['pipe', 'w']], $pipes);
}
$options = ['ssl' => ['local_cert' => $file]];
foreach (['ssl', 'tls', 'tlsv1.2'] as $transport) {
    $s = stream_socket_server("$transport://127.0.0.1:0", $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, stream_context_create($options));
    $meta = stream_get_meta_data($s);
    echo "$no $text ", $meta['stream_type'], ' ', json_encode(isset($meta['crypto'])), ' ', json_encode(stream_socket_get_name($s, true)), "\n";
    var_dump(@stream_socket_accept($s, 0), stream_socket_enable_crypto($s, false));
    $name = stream_socket_get_name($s, false);
    call("$transport://$name");
    $r = [$s];
    $w = $x = null;
    var_dump(stream_select($r, $w, $x, 10));
    $c = stream_socket_accept($s, 10, $peer);
    echo $peer === stream_socket_get_name($c, true) ? 'peer ' : '? ', $name === stream_socket_get_name($c, false) ? 'name ' : '? ';
    echo stream_get_meta_data($c)['crypto']['protocol'], ' ', fgets($c);
    fwrite($c, "bye\n");
    echo stream_get_contents($pipes[1]);
    proc_close($process);
    echo json_encode(fgets($c)), ' ', json_encode(feof($c)), "\n";

    $peer = 'nobody';
    $stranger = stream_socket_client("tcp://$name");
    fwrite($stranger, "hello\n\n");
    set_error_handler(function ($level, $text) { echo $text, "\n"; });
    var_dump(stream_socket_accept($s, 10, $peer), $peer);
    restore_error_handler();
    stream_set_timeout($s, 0, 100_000);
    $silent = stream_socket_client("tcp://$name");
    set_error_handler(function ($level, $text) { echo strtok($text, "\n"), "\n"; });
    var_dump(stream_socket_accept($s, 10));
    restore_error_handler();
    fclose($s);
}
--EXPECTF--
0  tcp_socket/ssl false false
bool(false)
bool(false)
int(1)
peer name TLSv1.3 hello
bye
false true
stream_socket_accept(): SSL operation failed with code 1. OpenSSL Error messages:
error:%swrong version number
stream_socket_accept(): Failed to enable crypto
stream_socket_accept(): Accept failed: %s
bool(false)
string(6) "nobody"
stream_socket_accept(): SSL: Handshake timed out
stream_socket_accept(): Failed to enable crypto
stream_socket_accept(): Accept failed: %s
bool(false)
0  tcp_socket/ssl false false
bool(false)
bool(false)
int(1)
peer name TLSv1.3 hello
bye
false true
stream_socket_accept(): SSL operation failed with code 1. OpenSSL Error messages:
error:%swrong version number
stream_socket_accept(): Failed to enable crypto
stream_socket_accept(): Accept failed: %s
bool(false)
string(6) "nobody"
stream_socket_accept(): SSL: Handshake timed out
stream_socket_accept(): Failed to enable crypto
stream_socket_accept(): Accept failed: %s
bool(false)
0  tcp_socket/ssl false false
bool(false)
bool(false)
int(1)
peer name TLSv1.2 hello
bye
false true
stream_socket_accept(): SSL operation failed with code 1. OpenSSL Error messages:
error:%swrong version number
stream_socket_accept(): Failed to enable crypto
stream_socket_accept(): Accept failed: %s
bool(false)
string(6) "nobody"
stream_socket_accept(): SSL: Handshake timed out
stream_socket_accept(): Failed to enable crypto
stream_socket_accept(): Accept failed: %s
bool(false)
--CLEAN--
<?php
require './tls.inc';
tidy();
