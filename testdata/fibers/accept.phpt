--TEST--
Socket functions run inside fibers, and fibers switch between them
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$acceptor = new Fiber(function () use ($server) {
    for ($i = 0; $i < 3; $i++) {
        while (!($peer = @stream_socket_accept($server, 0, $from))) Fiber::suspend('waiting');
        echo 'accepted ', fread($peer, 100), "\n";
        fwrite($peer, "answer $i");
        Fiber::suspend($from);
    }
    return 'done';
});
echo $acceptor->start(), "\n";
for ($i = 0; $i < 3; $i++) {
    $client = new Fiber(function ($i) use ($server) {
        $client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
        fwrite($client, "request $i");
        Fiber::suspend(stream_socket_get_name($client, false));
        return fread($client, 100);
    });
    $name = $client->start($i);
    var_dump($acceptor->resume() === $name);
    $client->resume();
    echo $client->getReturn(), "\n";
    if ($i < 2) echo $acceptor->resume(), "\n";
}
$acceptor->resume();
var_dump($acceptor->getReturn());
--EXPECT--
waiting
accepted request 0
bool(true)
answer 0
waiting
accepted request 1
bool(true)
answer 1
waiting
accepted request 2
bool(true)
answer 2
string(4) "done"
