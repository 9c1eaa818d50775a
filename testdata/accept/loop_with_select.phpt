--TEST--
stream_socket_accept: the usual server loop, one stream_select() over the listener and all its connections
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
stream_set_blocking($server, false);
$name = stream_socket_get_name($server, false);
$clients = $peers = $log = [];
for ($i = 0; $i < 5; $i++) {
    $clients[$i] = stream_socket_client("tcp://$name");
    fwrite($clients[$i], "hello $i\n");
}
while (count($log) < 10) {
    $read = $peers;
    $read['server'] = $server;
    $write = $except = null;
    if (!stream_select($read, $write, $except, 1)) exit('nothing happened');
    foreach ($read as $key => $stream) {
        if ($key === 'server') {
            $peers[] = stream_socket_accept($server, 0);
        } elseif (($line = fgets($stream)) === false) {
            $log[] = "closed $key";
            fclose($stream);
            unset($peers[$key]);
        } else {
            $log[] = "$key said " . trim($line);
            fwrite($stream, strtoupper($line));
            fclose($clients[$key]);
        }
    }
}
sort($log);
print_r($log);
--EXPECT--
Array
(
    [0] => 0 said hello 0
    [1] => 1 said hello 1
    [2] => 2 said hello 2
    [3] => 3 said hello 3
    [4] => 4 said hello 4
    [5] => closed 0
    [6] => closed 1
    [7] => closed 2
    [8] => closed 3
    [9] => closed 4
)
