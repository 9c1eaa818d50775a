--TEST--
stream_select: keeps keys, reduces to what is ready, and empties all arrays on timeout
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
[$c, $d] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$read = ['b' => $b, 7 => $d];
$write = $except = null;
var_dump(stream_select($read, $write, $except, 0), $read, $write);
$read = ['b' => $b, 7 => $d];
$except = [$b];
$write = [];
fwrite($c, 'x');
var_dump(stream_select($read, $write, $except, 0), array_keys($read), $read[7] === $d, $write, $except);
--EXPECT--
int(0)
array(0) {
}
NULL
int(1)
array(1) {
  [0]=>
  int(7)
}
bool(true)
array(0) {
}
array(0) {
}
