--TEST--
fgetc: bytes one by one, false at the end
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($a, "x\0\xff");
fclose($a);
var_dump(fgetc($b), bin2hex(fgetc($b)), bin2hex(fgetc($b)), fgetc($b), feof($b));
--EXPECT--
string(1) "x"
string(2) "00"
string(2) "ff"
bool(false)
bool(true)
