--TEST--
Context option socket.bindto sets the local address of a client
--FILE--
<?php
$server = stream_socket_server('tcp://0.0.0.0:0');
$port = substr(strrchr(stream_socket_get_name($server, false), ':'), 1);
function client($bindto, $address = null) {
    global $port;
    $client = stream_socket_client($address ?? "tcp://127.0.0.1:$port", $code, $message, 1, STREAM_CLIENT_CONNECT, stream_context_create(['socket' => ['bindto' => $bindto]]));
    return $client ? strtok(stream_socket_get_name($client, false), ':') : "$code $message";
}
foreach (['127.0.0.2:0', '0:0', '127.0.0.3', 'not an ip:0', '203.0.113.7:0'] as $bindto) var_dump(client($bindto));
foreach ([12345, null, ['127.0.0.1:0']] as $bindto) var_dump(client($bindto));
var_dump(client('127.0.0.2:0', "udp://127.0.0.1:$port"));
// the port too
$free = stream_socket_server('tcp://127.0.0.4:0');
$local = stream_socket_get_name($free, false);
fclose($free);
$client = stream_socket_client("tcp://127.0.0.1:$port", context: stream_context_create(['socket' => ['bindto' => $local]]));
var_dump(stream_socket_get_name($client, false) === $local);
--EXPECTF--
string(9) "127.0.0.2"
string(9) "127.0.0.1"
string(9) "127.0.0.1"

Warning: stream_socket_client(): Invalid IP Address: not an ip in %s on line %d
string(9) "127.0.0.1"

Warning: stream_socket_client(): Failed to bind to '203.0.113.7:0', system said: Cannot assign requested address in %s on line %d
string(9) "127.0.0.1"

Warning: stream_socket_client(): Unable to connect to tcp://127.0.0.1:%d (local_addr context option is not a string.) in %s on line %d
string(44) "0 local_addr context option is not a string."

Warning: stream_socket_client(): Unable to connect to tcp://127.0.0.1:%d (local_addr context option is not a string.) in %s on line %d
string(44) "0 local_addr context option is not a string."

Warning: stream_socket_client(): Unable to connect to tcp://127.0.0.1:%d (local_addr context option is not a string.) in %s on line %d
string(44) "0 local_addr context option is not a string."
string(9) "127.0.0.2"
bool(true)
