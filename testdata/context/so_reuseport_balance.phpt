--TEST--
socket option so_reuseport: connections are spread over the listeners of one port
--FILE--
<?php
$context = stream_context_create(['socket' => ['so_reuseport' => true, 'backlog' => 128]]);
$flags = STREAM_SERVER_BIND | STREAM_SERVER_LISTEN;
$listeners[] = stream_socket_server('tcp://127.0.0.1:0', $code, $message, $flags, $context);
$name = stream_socket_get_name($listeners[0], false);
for ($i = 0; $i < 3; $i++) $listeners[] = stream_socket_server("tcp://$name", $code, $message, $flags, $context);
$clients = [];
for ($i = 0; $i < 100; $i++) $clients[] = stream_socket_client("tcp://$name");
$accepted = [];
while (array_sum($accepted) < 100) {
    $read = $listeners;
    $write = $except = null;
    if (!stream_select($read, $write, $except, 1)) break;
    foreach ($read as $i => $listener) {
        fclose(stream_socket_accept($listener, 0));
        $accepted[$i] = ($accepted[$i] ?? 0) + 1;
    }
}
var_dump(array_sum($accepted), count($accepted), min($accepted) > 2);
// those of one that is closed go to the others
fclose(array_pop($listeners));
for ($i = 0; $i < 20; $i++) $clients[] = stream_socket_client("tcp://$name", $code, $message, 1);
$n = 0;
foreach ($listeners as $listener) while (@stream_socket_accept($listener, 0)) $n++;
var_dump($n);
var_dump(@stream_socket_server("tcp://$name"));
--EXPECT--
int(100)
int(4)
bool(true)
int(20)
bool(false)
