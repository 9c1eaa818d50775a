--TEST--
stream_socket_accept: gives a connected stream and the peer's name, in the order of arrival
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($server, false);
$clients = [];
for ($i = 0; $i < 3; $i++) fwrite($clients[] = stream_socket_client("tcp://$name"), "client $i");
for ($i = 0; $i < 3; $i++) {
    $peer = stream_socket_accept($server, 1, $from);
    var_dump(fread($peer, 100), $from === stream_socket_get_name($clients[$i], false));
    var_dump(stream_socket_get_name($peer, true) === $from, stream_socket_get_name($peer, false) === $name);
}
--EXPECT--
string(8) "client 0"
bool(true)
bool(true)
bool(true)
string(8) "client 1"
bool(true)
bool(true)
bool(true)
string(8) "client 2"
bool(true)
bool(true)
bool(true)
