--TEST--
stream_socket_enable_crypto: both ends in one script, step by step, and what was sent before and after
--EXTENSIONS--
openssl
--FILE--
<?php
// a certificate that signs itself, with its key
function identity(): string {
    $path = sys_get_temp_dir() . '/phpsock-tls-' . getmypid();
    file_put_contents("$path-cnf", "[req]\ndistinguished_name = dn\n[dn]\n[v3]\nsubjectAltName = DNS:localhost, IP:127.0.0.1\n");
    $options = ['config' => "$path-cnf", 'digest_alg' => 'sha256', 'x509_extensions' => 'v3',
        'private_key_bits' => 2048, 'private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1'];
    $key = openssl_pkey_new($options);
    openssl_x509_export(openssl_csr_sign(openssl_csr_new(['commonName' => 'localhost'], $key, $options), null, $key, 2, $options), $cert);
    openssl_pkey_export($key, $secret, null, $options);
    file_put_contents("$path-pem", $cert . $secret);
    return "$path-pem";
}
$file = identity();
register_shutdown_function(fn() => array_map('unlink', glob(sys_get_temp_dir() . '/phpsock-tls-' . getmypid() . '-*')));
$s = stream_socket_server('tcp://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['ssl' => ['local_cert' => $file, 'alpn_protocols' => 'two,one']]));
$open = function (array $options = []) use ($s, $file) {
    $c = stream_socket_client('tcp://' . stream_socket_get_name($s, false), $no, $text, 5, STREAM_CLIENT_CONNECT,
        stream_context_create(['ssl' => $options + ['cafile' => $file, 'peer_name' => 'localhost', 'alpn_protocols' => 'one']]));
    return [$c, stream_socket_accept($s, 5)];
};
function shake($client, $server, $session = null): void {
    stream_set_blocking($client, false);
    stream_set_blocking($server, false);
    for ($i = 0, $a = $b = 0; $i < 1000 && ($a === 0 || $b === 0); $i++) {
        if ($a === 0) $a = $session ? stream_socket_enable_crypto($client, true, STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT, $session)
            : stream_socket_enable_crypto($client, true, STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT);
        if ($b === 0) $b = stream_socket_enable_crypto($server, true, STREAM_CRYPTO_METHOD_TLS_SERVER);
        if ($a === false || $b === false) break;
        usleep(1000);
    }
    echo json_encode([$a, $b]), "\n";
    stream_set_blocking($client, true);
    stream_set_blocking($server, true);
}
[$c, $a] = $open();
fwrite($c, "STARTTLS\n");
echo fgets($a);
shake($c, $a);
$crypto = stream_get_meta_data($a)['crypto'];
echo $crypto['protocol'], ' ', $crypto['alpn_protocol'], ' ', stream_get_meta_data($c)['stream_type'], "\n";
fwrite($c, "secret\n");
echo fgets($a);
fwrite($a, str_repeat('x', 100_000));
echo strlen(stream_get_contents($c, 100_000)), ' ', json_encode(feof($c)), "\n";
stream_set_timeout($c, 0, 50_000);
echo json_encode(fread($c, 1)), ' ', json_encode(stream_get_meta_data($c)['timed_out']), "\n";

// readable before anything is asked of the descriptor
fwrite($a, "one\ntwo\n");
echo fgets($c);
$r = [$c];
$w = $x = null;
echo stream_select($r, $w, $x, 0), ' ', fgets($c);

// another one with its session, one whose peer has another name
[$d, $b] = $open();
shake($d, $b, $c);
[$d, $b] = $open(['peer_name' => 'elsewhere']);
set_error_handler(function ($level, $text) { echo $text, "\n"; });
shake($d, $b);
restore_error_handler();

// the end
fclose($a);
echo json_encode(fgets($c)), ' ', json_encode(feof($c)), "\n";
echo json_encode([stream_socket_enable_crypto($c, false), stream_socket_enable_crypto($c, false)]), "\n";
var_dump(fopen('php://memory', 'r'));
--EXPECTF--
STARTTLS
[true,true]
TLSv1.2 one tcp_socket/ssl
secret
100000 false
false true
one
1 two
[true,true]
stream_socket_enable_crypto(): Peer certificate %s did not match expected %s`elsewhere'
[false,%S]
false true
[false,false]
resource(%d) of type (stream)
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-tls-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
