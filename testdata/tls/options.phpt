--TEST--
TLS: files in the ssl options, by name, by host, by folder and by stream
--EXTENSIONS--
openssl
--FILE--
<?php
require './tls.inc';
$file = identity();
$other = identity('other.test');
$secret = identity('localhost', 'open sesame');
function subject($stream): string {
    return openssl_x509_parse(stream_context_get_options($stream)['ssl']['peer_certificate'])['subject']['CN'];
}
function attempt(array $client, array $server): void {
    set_error_handler(function ($level, $text) { echo preg_replace('/`[^\']*\'/', '`...\'', strtok($text, "\n")), "\n"; });
    [$c, $a] = pair($client + ['capture_peer_cert' => true, 'capture_peer_cert_chain' => true], $server);
    [$x, $y] = shake($c, $a);
    restore_error_handler();
    $chain = stream_context_get_options($c)['ssl']['peer_certificate_chain'] ?? [];
    echo json_encode([$x, $y]), ' ', $x === true ? subject($c) . ' ' . count($chain) : '', "\n";
}
$trust = ['cafile' => $file, 'peer_name' => 'localhost'];
$pem = file_get_contents($file);
file_put_contents("$file-cert", strstr($pem, '-----BEGIN PRIVATE', true));
file_put_contents("$file-key", strstr($pem, '-----BEGIN PRIVATE'));
attempt($trust, ['local_cert' => "$file-cert", 'local_pk' => "$file-key"]);
attempt($trust, ['local_cert' => "$file-cert"]);
attempt($trust, ['local_cert' => "$file-key"]);
attempt($trust, ['local_cert' => $file, 'local_pk' => '/nowhere']);
attempt(['cafile' => $secret, 'peer_name' => 'localhost'], ['local_cert' => $secret, 'passphrase' => 'open sesame']);
attempt(['cafile' => $secret, 'peer_name' => 'localhost'], ['local_cert' => $secret, 'passphrase' => 'open barley']);
$sni = ['local_cert' => $file, 'SNI_server_certs' => ['*.test' => $other, 'pair' => ['local_cert' => "$file-cert", 'local_pk' => "$file-key"]]];
attempt(['cafile' => $other, 'peer_name' => 'other.test'], $sni);
attempt($trust, $sni);
attempt(['cafile' => $file, 'peer_name' => 'pair', 'verify_peer_name' => false], $sni);
attempt($trust, ['local_cert' => $file, 'SNI_server_certs' => ['a' => $file, 'b' => '/nowhere']]);
attempt($trust, ['local_cert' => $file, 'SNI_server_certs' => ['a' => ['local_cert' => $file]]]);
attempt($trust, ['local_cert' => $file, 'SNI_server_certs' => []]);
attempt(['cafile' => 'data://text/plain;base64,' . base64_encode($pem)] + $trust, ['local_cert' => $file]);
class Memory {
    public $context;
    private $left;
    function stream_open($path, $mode, $options, &$opened) { $this->left = $GLOBALS['pem']; return true; }
    function stream_read($n) { $data = substr($this->left, 0, $n); $this->left = substr($this->left, $n); return $data; }
    function stream_eof() { return $this->left === ''; }
    function stream_stat() { return []; }
}
stream_wrapper_register('memory', 'Memory');
attempt(['cafile' => 'memory://authority'] + $trust, ['local_cert' => $file]);
attempt(['cafile' => 'memory:///nothing/of/this'] + $trust, ['local_cert' => $other]);
$folder = "$file-folder";
mkdir($folder);
register_shutdown_function(fn() => @rmdir($folder));
attempt(['cafile' => $folder, 'peer_name' => 'localhost'], ['local_cert' => $file]);
attempt(['cafile' => '/nowhere', 'peer_name' => 'localhost'], ['local_cert' => $file]);
rmdir($folder);
ini_set('openssl.cafile', $file);
attempt(['peer_name' => 'localhost'], ['local_cert' => $file]);
attempt($trust + ['alpn_protocols' => str_repeat('x', 256)], ['local_cert' => $file]);
attempt(['local_cert' => $file] + $trust, ['local_cert' => $file, 'cafile' => $file, 'verify_peer' => true, 'capture_peer_cert' => true]);
attempt($trust, ['local_cert' => $file, 'cafile' => $file, 'verify_peer' => true]);
--EXPECT--
[true,true] localhost 1
stream_socket_enable_crypto(): Unable to set private key file `...'
[0,false] 
stream_socket_enable_crypto(): Unable to set local cert chain file `...'; Check that your cafile/capath settings include details of your certificate and its issuer
[0,false] 
stream_socket_enable_crypto(): Unable to set private key file `...'
[0,false] 
[true,true] localhost 1
stream_socket_enable_crypto(): Unable to set private key file `...'
[0,false] 
[true,true] other.test 1
[true,true] localhost 1
[true,true] localhost 1
stream_socket_enable_crypto(): Failed setting local cert chain file `...'; check that your cafile/capath settings include details of your certificate and its issuer
[0,false] 
stream_socket_enable_crypto(): local_pk not present in the array
[0,false] 
stream_socket_enable_crypto(): SNI_server_certs host cert array must not be empty
[0,false] 
remote cafile streams are disabled for security purposes
[false,0] 
[true,true] localhost 1
stream_socket_enable_crypto(): SSL operation failed with code 1. OpenSSL Error messages:
[false,0] 
stream_socket_enable_crypto(): Read of 8192 bytes failed with errno=21 Is a directory
no valid certs found cafile stream: `...'
[false,0] 
failed loading cafile stream: `...'
[false,0] 
stream_socket_enable_crypto(): SSL operation failed with code 1. OpenSSL Error messages:
[false,0] 
stream_socket_enable_crypto(): Failed parsing comma-separated TLS ALPN protocol string
[false,0] 
[true,true] localhost 1
stream_socket_enable_crypto(): Could not get peer certificate
[true,false] localhost 1
--CLEAN--
<?php
require './tls.inc';
tidy();
