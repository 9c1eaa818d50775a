--TEST--
stream_socket_enable_crypto: encryption is switched off again, and what follows is plain text
--EXTENSIONS--
openssl
--FILE--
<?php
require './tls.inc';
$file = identity();
[$c, $a] = pair(['cafile' => $file, 'peer_name' => 'localhost'], ['local_cert' => $file]);
fwrite($c, "plain\n");
echo fgets($a), json_encode(shake($c, $a, STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT)), "\n";
fwrite($c, "secret\n");
echo fgets($a), json_encode([isset(stream_get_meta_data($a)['crypto']), feof($a)]), "\n";
echo json_encode([stream_socket_enable_crypto($c, false), isset(stream_get_meta_data($c)['crypto'])]), "\n";
echo json_encode([fread($a, 100), stream_socket_enable_crypto($a, false), isset(stream_get_meta_data($a)['crypto'])]), "\n";
fwrite($a, "plain again\n");
stream_set_timeout($c, 5);
$farewell = fread($c, 31); // of TLS: nobody decrypts it any more
echo strlen($farewell), ' ', fgets($c);
set_error_handler(function ($level, $text) { echo $text, "\n"; });
var_dump(stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT));
--EXPECT--
plain
[true,true]
secret
[true,false]
[false,false]
["",false,false]
31 plain again
stream_socket_enable_crypto(): SSL/TLS already set-up for this stream
bool(false)
--CLEAN--
<?php
require './tls.inc';
tidy();
