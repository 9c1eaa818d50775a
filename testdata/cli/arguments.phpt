--TEST--
Arguments after -- are the script's, whatever they look like
--ARGS--
one 'two three' -d x=1 -- --flag=value ''
--FILE--
<?php
var_dump($argc, array_slice($argv, 1));
--EXPECT--
int(8)
array(7) {
  [0]=>
  string(3) "one"
  [1]=>
  string(9) "two three"
  [2]=>
  string(2) "-d"
  [3]=>
  string(3) "x=1"
  [4]=>
  string(2) "--"
  [5]=>
  string(12) "--flag=value"
  [6]=>
  string(0) ""
}
