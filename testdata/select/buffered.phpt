--TEST--
stream_select: unread bytes in a stream's buffer answer at once, for those streams alone
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
[$c, $d] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($a, "one\ntwo\n");
fwrite($c, "ready too");
fgets($b);
$read = [$d, 'b' => $b];
$write = [$a];
$except = [$a];
var_dump(stream_select($read, $write, $except, 1), array_keys($read), $write, $except);
--EXPECT--
int(1)
array(1) {
  [0]=>
  string(1) "b"
}
array(0) {
}
array(0) {
}
