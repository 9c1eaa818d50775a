--TEST--
stream_socket_client: a host that does not resolve is code 0 with getaddrinfo's text
--FILE--
<?php
var_dump(stream_socket_client('tcp://:80', $code, $message), $code, $message);
--EXPECTF--
Warning: stream_socket_client(): php_network_getaddresses: getaddrinfo for  failed: Name or service not known in %s on line %d

Warning: stream_socket_client(): Unable to connect to tcp://:80 (php_network_getaddresses: getaddrinfo for  failed: Name or service not known) in %s on line %d
bool(false)
int(0)
string(76) "php_network_getaddresses: getaddrinfo for  failed: Name or service not known"
