--TEST--
stream_socket_client: an asynchronous connect is writable when it is done
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($server, false);
foreach ([STREAM_CLIENT_ASYNC_CONNECT, STREAM_CLIENT_ASYNC_CONNECT | STREAM_CLIENT_CONNECT] as $flags) {
    $client = stream_socket_client("tcp://$name", $code, $message, 0, $flags);
    var_dump(is_resource($client), $code, $message, stream_get_meta_data($client)['blocked']);
    $read = $except = null;
    $write = [$client];
    var_dump(stream_select($read, $write, $except, 1), $write === [$client]);
    var_dump(stream_socket_get_name($client, true) === $name);
    stream_set_timeout($client, 0, 20000);
    var_dump(fread($client, 10), stream_get_meta_data($client)['timed_out']);
    $peer = stream_socket_accept($server, 1);
    var_dump(fwrite($client, 'hello'), fread($peer, 5));
}
--EXPECT--
bool(true)
int(0)
string(0) ""
bool(true)
int(1)
bool(true)
bool(true)
bool(false)
bool(true)
int(5)
string(5) "hello"
bool(true)
int(0)
string(0) ""
bool(true)
int(1)
bool(true)
bool(true)
bool(false)
bool(true)
int(5)
string(5) "hello"
