--TEST--
stream_socket_sendto: a destination that does not resolve raises three warnings
--FILE--
<?php
$sender = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
var_dump(stream_socket_sendto($sender, 'x', 0, ':80'));
--EXPECTF--
Warning: stream_socket_sendto(): php_network_getaddresses: getaddrinfo for  failed: Name or service not known in %s on line %d

Warning: stream_socket_sendto(): Failed to resolve `': php_network_getaddresses: getaddrinfo for  failed: Name or service not known in %s on line %d

Warning: stream_socket_sendto(): Failed to parse `:80' into a valid network address in %s on line %d
bool(false)
