--TEST--
Exceptions of socket functions tell the function and its arguments in their trace
--FILE--
<?php
function listen() { return stream_socket_accept(STDIN, NAN); }
try { listen(); } catch (ValueError $e) {
    echo preg_replace('/Resource id #\d+/', 'Resource', $e->getTraceAsString()), "\n";
    var_dump($e->getTrace()[0]['function'], $e->getLine());
}
--EXPECTF--
#0 %s(%d): stream_socket_accept(Resource, NAN)
#1 %s(%d): listen()
#2 {main}
string(20) "stream_socket_accept"
int(2)
