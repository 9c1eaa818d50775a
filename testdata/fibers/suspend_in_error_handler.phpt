--TEST--
An error handler inside a fiber may suspend in the middle of a socket function
--FILE--
<?php
set_error_handler(function ($level, $text) { echo "handler: $text\n"; echo Fiber::suspend('in the handler'), "\n"; return true; });
$server = stream_socket_server('tcp://127.0.0.1:0');
$fiber = new Fiber(function () use ($server) {
    $code = 'old';
    var_dump(stream_socket_accept($server, 0));
    var_dump(stream_socket_client('unix:///no/such.sock', $code, $message), $code, $message);
    return 'end';
});
echo $fiber->start(), "\n";
// another call of the same function while the first has not returned
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
var_dump(is_resource(stream_socket_accept($server, 0)));
echo $fiber->resume('resumed'), "\n";
$fiber->resume('resumed again');
var_dump($fiber->getReturn());
--EXPECT--
handler: stream_socket_accept(): Accept failed: Connection timed out
in the handler
bool(true)
resumed
bool(false)
handler: stream_socket_client(): Unable to connect to unix:///no/such.sock (No such file or directory)
in the handler
resumed again
bool(false)
int(2)
string(25) "No such file or directory"
string(3) "end"
