--TEST--
TLS: error handlers throw, return and look at the stream while PHP speaks of a handshake or a read that failed
--EXTENSIONS--
openssl
--FILE--
<?php
require './tls.inc';
$file = identity();
$trust = ['cafile' => $file, 'peer_name' => 'localhost'];
function attempt(callable $what): void {
    try {
        echo json_encode($what()), "\n";
    } catch (Exception $e) {
        for (; $e; $e = $e->getPrevious()) echo get_class($e), ': ', strtok($e->getMessage(), "\n"), "\n";
    }
}
set_error_handler(function ($level, $text) { throw new Exception($text); });
attempt(function () use ($file) {
    [$c, $a] = pair(['cafile' => $file, 'peer_name' => 'elsewhere'], ['local_cert' => $file]);
    return shake($c, $a);
});
attempt(function () use ($file, $trust) {
    [$c, $a] = pair($trust, ['local_cert' => '/nowhere']);
    return shake($c, $a);
});
attempt(function () use ($file, $trust) {
    [$c, $a] = pair(['cafile' => '/nowhere'], ['local_cert' => $file]);
    return shake($c, $a);
});
set_error_handler(function ($level, $text) {
    global $watched;
    echo strtok($text, "\n"), ' ', json_encode([is_resource($watched), isset(stream_get_meta_data($watched)['crypto'])]), "\n";
});
attempt(function () use ($file, $trust, &$watched) {
    [$c, $a] = pair($trust, ['local_cert' => $file]);
    $watched = $c;
    stream_set_blocking($c, false);
    fwrite($a, str_repeat("no TLS at all\n", 10));
    return [stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT), strlen(fread($c, 1000)) > 0];
});
attempt(function () use ($file, $trust, &$watched) {
    [$c, $a] = pair($trust, ['local_cert' => $file]);
    echo json_encode(shake($c, $a, STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT)), "\n";
    $watched = $c;
    stream_socket_sendto($a, "HTTP/1.0 400 Bad Request\r\n\r\n"); // past the encryption
    return [fread($c, 100), feof($c)];
});
class Path {
    function __toString(): string { throw new Exception('no path'); }
}
attempt(function () use ($file) {
    [$c, $a] = pair(['cafile' => new Path], ['local_cert' => $file]);
    return shake($c, $a);
});
register_shutdown_function(function () { echo "the end\n"; });
set_error_handler(function ($level, $text) { exit("exit\n"); });
[$c, $a] = pair(['cafile' => $file, 'peer_name' => 'elsewhere'], ['local_cert' => $file]);
shake($c, $a);
--EXPECTF--
Exception: stream_socket_enable_crypto(): Peer certificate %s did not match expected %s`elsewhere'
Exception: stream_socket_enable_crypto(): Unable to set local cert chain file `/nowhere'; Check that your cafile/capath settings include details of your certificate and its issuer
Exception: failed loading cafile stream: `/nowhere'
stream_socket_enable_crypto(): SSL operation failed with code 1. OpenSSL Error messages: [true,false]
[false,true]
[true,true]
fread(): SSL operation failed with code 1. OpenSSL Error messages: [true,true]
["",true]
Exception: no path
exit
the end
--CLEAN--
<?php
require './tls.inc';
tidy();
