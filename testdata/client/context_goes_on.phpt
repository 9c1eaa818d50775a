--TEST--
stream_socket_client: a context that is none is a TypeError, but the call goes on to its end first
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
try {
    stream_socket_client('tcp://' . stream_socket_get_name($server, false), $code, $message, 1, STREAM_CLIENT_CONNECT, STDIN);
} catch (TypeError $e) {
    echo $e->getMessage(), "\n";
}
var_dump($code, $message, is_resource(stream_socket_accept($server, 1)));
--EXPECT--
stream_socket_client(): supplied resource is not a valid Stream-Context resource
int(0)
string(0) ""
bool(true)
