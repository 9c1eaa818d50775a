--TEST--
An error handler looks at the by-ref variables in mid-call, calls sockets itself and may change what it likes
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
set_error_handler(function ($level, $text) use ($server, &$code, &$message) {
    echo $text, "\n";
    var_dump($code, $message);
    $client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
    fwrite($client, "from the handler\n");
    echo fgets(stream_socket_accept($server, 1));
    $code = 'changed';
    return true;
});
$code = $message = 'old';
var_dump(stream_socket_client('unix:///no/such.sock', $code, $message), $code, $message);
--EXPECT--
stream_socket_client(): Unable to connect to unix:///no/such.sock (No such file or directory)
int(0)
string(0) ""
from the handler
bool(false)
int(2)
string(25) "No such file or directory"
