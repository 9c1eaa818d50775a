--TEST--
stream_select: a stream that is ready in two sets counts twice, one that is twice in a set counts once
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($a, 'x');
$read = [$b];
$write = ['x' => $b, 'y' => $a];
$except = null;
var_dump(stream_select($read, $write, $except, null), count($read), array_keys($write));
$read = [$b, $b, 'k' => $b];
$write = null;
var_dump(stream_select($read, $write, $except, null), array_keys($read));
--EXPECT--
int(3)
int(1)
array(2) {
  [0]=>
  string(1) "x"
  [1]=>
  string(1) "y"
}
int(1)
array(3) {
  [0]=>
  int(0)
  [1]=>
  int(1)
  [2]=>
  string(1) "k"
}
