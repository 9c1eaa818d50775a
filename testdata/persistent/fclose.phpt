--TEST--
STREAM_CLIENT_PERSISTENT: fclose() really closes, dropping every variable does not
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$address = 'tcp://' . stream_socket_get_name($server, false);
$flags = STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT;
$client = stream_socket_client($address, $code, $message, 1, $flags);
$number = (int) $client;
$local = stream_socket_get_name($client, false);
$peer = stream_socket_accept($server, 1);
unset($client);
stream_set_blocking($peer, false);
var_dump(fread($peer, 10), feof($peer));
$client = stream_socket_client($address, $code, $message, 1, $flags);
var_dump(stream_socket_get_name($client, false) === $local);
var_dump(fwrite($client, 'still here'));
stream_set_blocking($peer, true);
var_dump(fread($peer, 100));
var_dump(fclose($client));
var_dump(fread($peer, 10), feof($peer));
try {
    fwrite($client, 'x');
} catch (TypeError $e) {
    echo $e->getMessage(), "\n";
}
$client = stream_socket_client($address, $code, $message, 1, $flags);
var_dump(stream_socket_get_name($client, false) === $local, (int) $client === $number);
$peer = stream_socket_accept($server, 1);
var_dump(is_resource($peer));
stream_socket_shutdown($client, STREAM_SHUT_RDWR);
fclose($client);
--EXPECT--
string(0) ""
bool(false)
bool(true)
int(10)
string(10) "still here"
bool(true)
string(0) ""
bool(true)
fwrite(): supplied resource is not a valid stream resource
bool(false)
bool(false)
bool(true)
