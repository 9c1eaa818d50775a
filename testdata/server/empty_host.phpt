--TEST--
stream_socket_server: an empty host is not "all interfaces", it fails to resolve, with a warning of its own
--FILE--
<?php
var_dump(stream_socket_server('tcp://:0', $code, $message), $code, $message);
var_dump(@stream_socket_server('::1:0', $code, $message), $code, $message);
--EXPECTF--
Warning: stream_socket_server(): php_network_getaddresses: getaddrinfo for  failed: Name or service not known in %s on line %d

Warning: stream_socket_server(): Unable to connect to tcp://:0 (php_network_getaddresses: getaddrinfo for  failed: Name or service not known) in %s on line %d
bool(false)
int(0)
string(76) "php_network_getaddresses: getaddrinfo for  failed: Name or service not known"
bool(false)
int(0)
string(76) "php_network_getaddresses: getaddrinfo for  failed: Name or service not known"
