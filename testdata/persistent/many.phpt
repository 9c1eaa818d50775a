--TEST--
pfsockopen: a hundred persistent streams at once, each its own
--FILE--
<?php
$servers = $clients = $peers = [];
for ($i = 0; $i < 100; $i++) {
    $servers[$i] = stream_socket_server("tcp://127.0.0.1:0");
    $clients[$i] = pfsockopen('127.0.0.1', (int) explode(':', stream_socket_get_name($servers[$i], false))[1]);
    $peers[$i] = stream_socket_accept($servers[$i], 1);
}
$same = 0;
foreach ($servers as $i => $server) {
    $again = pfsockopen('127.0.0.1', (int) explode(':', stream_socket_get_name($server, false))[1]);
    $same += $again === $clients[$i];
    fwrite($peers[$i], "number $i\n");
    if (fgets($again) !== "number $i\n") echo "wrong peer\n";
}
var_dump($same, count(get_resources('persistent stream')));
foreach ($clients as $client) fclose($client);
var_dump(count(get_resources('persistent stream')));
--EXPECT--
int(100)
int(100)
int(0)
