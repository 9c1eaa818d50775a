--TEST--
fsockopen, pfsockopen: times that are refused, that have run out, and those of reads
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, stream_context_create(['socket' => ['backlog' => 0]]));
[$host, $port] = explode(':', stream_socket_get_name($server, false));
foreach ([-2, -0.5, NAN, INF, -INF, 1e300] as $time) {
    foreach (['fsockopen', 'pfsockopen'] as $open) {
        try {
            var_dump($open($host, (int) $port, $code, $message, $time));
        } catch (ValueError $e) {
            echo preg_replace(['/\d+$/', '/#5 \(\$timeout\)/'], ['LIMIT', '#6'], $e->getMessage()), "\n"; // the wrong number, in old releases
        }
    }
}
foreach ([-1, 1, null] as $time) {
    $client = fsockopen($host, (int) $port, $code, $message, $time);
    var_dump(is_resource($client), $code, $message);
    fclose(stream_socket_accept($server, 1));
    fclose($client);
}
// fill the queue of connections
$clients = [];
while (count($clients) < 20 && $client = @stream_socket_client("tcp://$host:$port", $code, $message, 0.02)) $clients[] = $client;
foreach (['fsockopen', 'pfsockopen'] as $open) {
    $began = microtime(true);
    var_dump(@$open($host, (int) $port, $code, $message, 0.05), $code, $message);
    $took = microtime(true) - $began;
    var_dump($took >= 0.045 && $took < 0.9);
}
--EXPECT--
fsockopen(): Argument #6 must be -1 or between 0 and LIMIT
pfsockopen(): Argument #6 must be -1 or between 0 and LIMIT
fsockopen(): Argument #6 must be -1 or between 0 and LIMIT
pfsockopen(): Argument #6 must be -1 or between 0 and LIMIT
fsockopen(): Argument #6 must be -1 or between 0 and LIMIT
pfsockopen(): Argument #6 must be -1 or between 0 and LIMIT
fsockopen(): Argument #6 must be -1 or between 0 and LIMIT
pfsockopen(): Argument #6 must be -1 or between 0 and LIMIT
fsockopen(): Argument #6 must be -1 or between 0 and LIMIT
pfsockopen(): Argument #6 must be -1 or between 0 and LIMIT
fsockopen(): Argument #6 must be -1 or between 0 and LIMIT
pfsockopen(): Argument #6 must be -1 or between 0 and LIMIT
bool(true)
int(0)
string(0) ""
bool(true)
int(0)
string(0) ""
bool(true)
int(0)
string(0) ""
bool(false)
int(110)
string(20) "Connection timed out"
bool(true)
bool(false)
int(110)
string(20) "Connection timed out"
bool(true)
