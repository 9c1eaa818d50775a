--TEST--
Numbers of closed sockets are not given out again, and old resources do not reach new sockets
--FILE--
<?php
$first = stream_socket_server('tcp://127.0.0.1:0');
$id = (int) $first;
fclose($first);
for ($i = 0; $i < 20; $i++) {
    $next = stream_socket_server('tcp://127.0.0.1:0');
    if ((int) $next <= $id) echo "reused\n";
    $id = (int) $next;
    fclose($next);
}
$open = stream_socket_server('tcp://127.0.0.1:0');
try { stream_socket_get_name($first, false); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
var_dump(is_resource($open));
--EXPECT--
stream_socket_get_name(): supplied resource is not a valid stream resource
bool(true)
