--TEST--
STDIN is a stream like any other, also for stream_select()
--STDIN--
first line
second line
--FILE--
<?php
var_dump(fgets(STDIN));
$read = [STDIN];
$write = $except = null;
var_dump(stream_select($read, $write, $except, 1), stream_get_contents(STDIN), feof(STDIN));
--EXPECT--
string(11) "first line
"
int(1)
string(12) "second line
"
bool(true)
