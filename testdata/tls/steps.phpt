--TEST--
stream_socket_enable_crypto: both ends in one script, step by step, and what was sent before and after
--EXTENSIONS--
openssl
--FILE--
<?php
require './tls.inc';
$file = identity();
$open = fn(array $options = []) => pair($options + ['cafile' => $file, 'peer_name' => 'localhost', 'alpn_protocols' => 'one'],
    ['local_cert' => $file, 'alpn_protocols' => 'two,one']);
$shake = function ($client, $server, $session = null): void {
    echo json_encode(shake($client, $server, STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT, $session)), "\n";
};
[$c, $a] = $open();
fwrite($c, "STARTTLS\n");
echo fgets($a);
$shake($c, $a);
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
$shake($d, $b, $c);
[$d, $b] = $open(['peer_name' => 'elsewhere']);
set_error_handler(function ($level, $text) { echo $text, "\n"; });
$shake($d, $b);
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
require './tls.inc';
tidy();
