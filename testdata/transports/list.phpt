--TEST--
stream_get_transports: the plain ones come first, in this order
--FILE--
<?php
var_dump(array_slice(stream_get_transports(), 0, 4));
var_dump(array_is_list(stream_get_transports()));
try { stream_get_transports(1); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
--EXPECT--
array(4) {
  [0]=>
  string(3) "tcp"
  [1]=>
  string(3) "udp"
  [2]=>
  string(4) "unix"
  [3]=>
  string(3) "udg"
}
bool(true)
ArgumentCountError: stream_get_transports() expects exactly 0 arguments, 1 given
