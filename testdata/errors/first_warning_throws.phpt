--TEST--
An error handler that throws at the first of several warnings
--FILE--
<?php
$count = 0;
set_error_handler(function ($level, $text) use (&$count) { $count++; throw new ErrorException($text); });
try { stream_socket_client('tcp://:80', $code, $message); } catch (ErrorException $e) {
    for (; $e; $e = $e->getPrevious()) echo $e->getMessage(), "\n";
}
var_dump($count, $code, $message);
--EXPECT--
stream_socket_client(): php_network_getaddresses: getaddrinfo for  failed: Name or service not known
int(1)
int(0)
string(76) "php_network_getaddresses: getaddrinfo for  failed: Name or service not known"
