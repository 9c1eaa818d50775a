--TEST--
A connection that the peer resets: the first read is false and the end; feof() uses the error up
--EXTENSIONS--
sockets
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
function resetPeer() {
    global $listener;
    $client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
    $peer = stream_socket_accept($listener);
    socket_set_option(socket_import_stream($peer), SOL_SOCKET, SO_LINGER, ['l_onoff' => 1, 'l_linger' => 0]);
    fclose($peer);
    $read = [$client];
    $write = $except = null;
    stream_select($read, $write, $except, 1);
    return $client;
}
$client = resetPeer();
var_dump(fread($client, 10), feof($client), fread($client, 10));
$client = resetPeer();
var_dump(feof($client), fread($client, 10));
$client = resetPeer();
var_dump(fgets($client));
$client = resetPeer();
var_dump(stream_get_contents($client));
$client = resetPeer();
var_dump(stream_socket_recvfrom($client, 10));
$client = resetPeer();
var_dump(fwrite($client, 'x'));
--EXPECTF--
bool(false)
bool(true)
string(0) ""
bool(true)
string(0) ""
bool(false)
string(0) ""
bool(false)

Notice: fwrite(): Send of 1 bytes failed with errno=104 Connection reset by peer in %s on line %d
bool(false)
