--TEST--
An uncaught exception of a socket function ends the script with sockets open
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($server, false));
stream_socket_recvfrom($client, 0);
--EXPECTF--
Fatal error: Uncaught ValueError: stream_socket_recvfrom(): Argument #2 ($length) must be greater than 0 in %s:%d
Stack trace:
#0 %s(%d): stream_socket_recvfrom(Resource id #%d, 0)
#1 {main}
  thrown in %s on line %d
