--TEST--
stream_socket_client: port numbers are cut to 16 bits without a word
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) substr(strrchr(stream_socket_get_name($server, false), ':'), 1);
foreach ([$port + 65536, $port - 65536, "$port/path", "0$port"] as $text) {
    $client = stream_socket_client("tcp://127.0.0.1:$text", $code, $message);
    var_dump(stream_socket_get_name($client, true) === "127.0.0.1:$port");
}
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
