--TEST--
stream_select: unset and undefined variables, and arrays that other variables share
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($a, 'x');
$read = ['one' => $a, 'two' => $b];
$copy = $read;
$alias = &$read;
var_dump(stream_select($read, $write, $except, 0), array_keys($alias), array_keys($copy), $write, $except);
$sets = ['r' => [$b]];
var_dump(stream_select($sets['r'], $sets['w'], $sets['e'], 0), count($sets['r']), $sets['w'], array_key_exists('e', $sets));
try { stream_select($code, $write, $except, '0'); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
$text = 'x';
try { stream_select($text, $write, $except, 0); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
--EXPECT--
int(1)
array(1) {
  [0]=>
  string(3) "two"
}
array(2) {
  [0]=>
  string(3) "one"
  [1]=>
  string(3) "two"
}
NULL
NULL
int(1)
int(1)
NULL
bool(true)
ValueError: No stream arrays were passed
TypeError: stream_select(): Argument #1 ($read) must be of type ?array, string given
