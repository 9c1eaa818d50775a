--TEST--
stream_socket_server: without BIND there is no socket at all, LISTEN alone does nothing, BIND alone does not listen
--FILE--
<?php
foreach ([0, STREAM_SERVER_LISTEN] as $flags) {
    $server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, $flags);
    var_dump(is_resource($server), $code, $message, stream_socket_get_name($server, false));
    $began = microtime(true);
    var_dump(stream_socket_accept($server, 0.02), microtime(true) - $began > 0.019);
}
$server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
var_dump(is_string(stream_socket_get_name($server, false)));
var_dump(stream_socket_accept($server, 0));
--EXPECTF--
bool(true)
int(0)
string(0) ""
bool(false)

Warning: stream_socket_accept(): Accept failed: Connection timed out in %s on line %d
bool(false)
bool(true)
bool(true)
int(0)
string(0) ""
bool(false)

Warning: stream_socket_accept(): Accept failed: Connection timed out in %s on line %d
bool(false)
bool(true)
bool(true)

Warning: stream_socket_accept(): Accept failed: Invalid argument in %s on line %d
bool(false)
