--TEST--
stream_select: keys and their order, references and positions in the arrays
--FILE--
<?php
for ($i = 0; $i < 5; $i++) [$near[$i], $far[$i]] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
foreach ([4, 0, 2] as $i) fwrite($far[$i], 'x');
$read = ['z' => $near[4], 10 => $near[0], 'a' => $near[1], -3 => $near[2], '' => $near[3]];
$write = [99 => $near[1]];
$except = [];
var_dump(stream_select($read, $write, $except, 0));
var_dump(array_keys($read), array_keys($write), $except);
$read[] = 'the next key';
var_dump(array_key_last($read));
$alias = [$near[0], $near[1]];
$read = &$alias;
$write = null;
var_dump(stream_select($read, $write, $except, 0), count($alias));
$holder = new class { public array $list = []; };
$holder->list = [$near[2], $near[3]];
var_dump(stream_select($holder->list, $write, $write, 0), count($holder->list), $write);
$constant = $copy = [$near[4], $near[3]];
stream_select($copy, $write, $except, 0);
var_dump(count($constant), count($copy));
--EXPECT--
int(4)
array(3) {
  [0]=>
  string(1) "z"
  [1]=>
  int(10)
  [2]=>
  int(-3)
}
array(1) {
  [0]=>
  int(99)
}
array(0) {
}
int(11)
int(1)
int(1)
int(1)
int(1)
NULL
int(2)
int(1)
