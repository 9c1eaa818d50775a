--TEST--
STREAM_CLIENT_PERSISTENT: all abstract unix names share one key in PHP 8.2
--SKIPIF--
<?php
if (PHP_VERSION_ID >= 80300) die('skip each name is a key of its own');
--FILE--
<?php
$flags = STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT;
foreach (['one', 'two'] as $name) {
    $address = "unix://\0phpsock-persistent-$name-" . getmypid();
    $servers[] = stream_socket_server($address);
    $clients[] = $client = stream_socket_client($address, $code, $message, 1, $flags);
    var_dump(stream_socket_client($address, $code, $message, 1, $flags) === $client);
}
var_dump($clients[0] === $clients[1]);
foreach ($servers as $server) var_dump(is_resource(@stream_socket_accept($server, 0)));
foreach ($clients as $client) if (is_resource($client)) fclose($client);
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(false)
