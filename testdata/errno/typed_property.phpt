--TEST--
stream_socket_server: the errno in a typed property
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip stock PHP loses the errno of bind(): code 0');
--FILE--
<?php
class Listening { public int $errno = -1; public string $text = 'old'; }
$result = new Listening;
var_dump(@stream_socket_server('udp://203.0.113.7:0', $result->errno, $result->text, STREAM_SERVER_BIND), $result);
--EXPECT--
bool(false)
object(Listening)#1 (2) {
  ["errno"]=>
  int(99)
  ["text"]=>
  string(31) "Cannot assign requested address"
}
