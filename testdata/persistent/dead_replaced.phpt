--TEST--
STREAM_CLIENT_PERSISTENT: a stream whose peer has gone is closed and replaced, unread bytes keep it
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$address = 'tcp://' . stream_socket_get_name($server, false);
function client() {
    global $address;
    return stream_socket_client($address, $code, $message, 1, STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT);
}
function settled($stream) {
    $read = [$stream];
    $write = $except = null;
    return stream_select($read, $write, $except, 1);
}
$first = client();
$name = stream_socket_get_name($first, false);
$peer = stream_socket_accept($server, 1);
fclose($peer);
settled($first);
$second = client();
var_dump($first === $second, is_resource($first), is_resource($second));
var_dump(stream_socket_get_name($second, false) === $name);
$peer = stream_socket_accept($server, 1);
// what has not been read yet makes it look alive
fwrite($peer, 'last words');
fclose($peer);
settled($second);
$third = client();
var_dump($third === $second, fread($third, 100));
$fourth = client();
var_dump($fourth === $third, is_resource($third));
// a reset kills it as well
$peer = stream_socket_accept($server, 1);
fwrite($fourth, 'x');
settled($peer);
fclose($peer); // with unread data: RST
settled($fourth);
$fifth = client();
var_dump($fifth === $fourth, is_resource($fourth), is_resource($fifth));
var_dump(count(get_resources('persistent stream')));
fclose($fifth);
--EXPECT--
bool(false)
bool(false)
bool(true)
bool(false)
bool(true)
string(10) "last words"
bool(false)
bool(false)
bool(false)
bool(false)
bool(true)
int(1)
