--TEST--
stream_socket_pair: two blocking streams that are connected to each other
--FILE--
<?php
$pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
var_dump(array_keys($pair), array_map('get_resource_type', $pair));
[$a, $b] = $pair;
$data = stream_get_meta_data($a);
var_dump($data);
var_dump(fwrite($a, "line one\nline two"), fgets($b), fwrite($b, 'back'), fread($a, 100));
fclose($a);
unset($pair);
var_dump(fgets($b), feof($b), fgets($b));
--EXPECT--
array(2) {
  [0]=>
  int(0)
  [1]=>
  int(1)
}
array(2) {
  [0]=>
  string(6) "stream"
  [1]=>
  string(6) "stream"
}
array(7) {
  ["timed_out"]=>
  bool(false)
  ["blocked"]=>
  bool(true)
  ["eof"]=>
  bool(false)
  ["stream_type"]=>
  string(14) "generic_socket"
  ["mode"]=>
  string(2) "r+"
  ["unread_bytes"]=>
  int(0)
  ["seekable"]=>
  bool(false)
}
int(17)
string(9) "line one
"
int(4)
string(4) "back"
string(8) "line two"
bool(true)
bool(false)
