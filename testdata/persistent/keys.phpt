--TEST--
STREAM_CLIENT_PERSISTENT: the address as it is written is the key, and each function has its own
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$port = explode(':', stream_socket_get_name($server, false))[1];
$flags = STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT;
$open = [
    'tcp' => fn() => stream_socket_client("tcp://127.0.0.1:$port", $code, $message, 1, $flags),
    'none' => fn() => stream_socket_client("127.0.0.1:$port", $code, $message, 1, $flags),
    'short' => fn() => stream_socket_client("tcp://127.1:$port", $code, $message, 1, $flags),
    'query' => fn() => stream_socket_client("tcp://127.0.0.1:$port/one", $code, $message, 1, $flags),
    'p' => fn() => pfsockopen('127.0.0.1', (int) $port),
    'p tcp' => fn() => pfsockopen('tcp://127.0.0.1', (int) $port),
    'p -1' => fn() => pfsockopen("127.0.0.1:$port"),
    'p 0' => fn() => pfsockopen("127.0.0.1:$port", 0),
];
$streams = [];
foreach ($open as $name => $function) $streams[$name] = $function();
echo count(array_unique(array_map('intval', $streams))), " streams\n";
foreach ($streams as $stream) {
    $peer = stream_socket_accept($server, 1);
    $peers[] = $peer;
}
var_dump(@stream_socket_accept($server, 0));
foreach ($open as $name => $function) var_dump($function() === $streams[$name]);
// what is not persistent stands apart
$plain = stream_socket_client("tcp://127.0.0.1:$port");
var_dump($plain === $streams['tcp'], get_resource_type($plain), get_resource_type($streams['tcp']));
var_dump(count(get_resources('persistent stream')));
foreach ($streams as $stream) fclose($stream);
var_dump(count(get_resources('persistent stream')));
--EXPECT--
8 streams
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(false)
string(6) "stream"
string(17) "persistent stream"
int(8)
int(0)
