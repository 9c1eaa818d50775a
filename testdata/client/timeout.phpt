--TEST--
stream_socket_client: a connect that is not answered ends after its time with errno 110
--FILE--
<?php
// A queue of one is full after one connection, Linux then drops further attempts.
$server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['socket' => ['backlog' => 0]]));
$name = stream_socket_get_name($server, false);
$first = stream_socket_client("tcp://$name");
$second = stream_socket_client("tcp://$name", $code, $message, 0, STREAM_CLIENT_ASYNC_CONNECT);
foreach ([0.03, 0] as $timeout) {
    $began = microtime(true);
    var_dump(@stream_socket_client("tcp://$name", $code, $message, $timeout), $code, $message);
    $took = microtime(true) - $began;
    var_dump($took >= $timeout - 0.002 && $took < 0.9);
}
echo str_replace($name, 'NAME', error_get_last()['message']), "\n";
ini_set('default_socket_timeout', 0);
var_dump(@stream_socket_client("tcp://$name", $code, $message), $code, $message);
--EXPECT--
bool(false)
int(110)
string(20) "Connection timed out"
bool(true)
bool(false)
int(110)
string(20) "Connection timed out"
bool(true)
stream_socket_client(): Unable to connect to tcp://NAME (Connection timed out)
bool(false)
int(110)
string(20) "Connection timed out"
