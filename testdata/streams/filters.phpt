--TEST--
Stream filters work on sockets in both directions
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
stream_filter_append($a, 'string.rot13', STREAM_FILTER_WRITE);
// a blocking read through a filter would wait for all it asked for
stream_set_blocking($b, false);
$upper = stream_filter_append($b, 'string.toupper', STREAM_FILTER_READ);
var_dump(fwrite($a, 'hello'), fread($b, 100));
stream_filter_remove($upper);
fwrite($a, 'hello');
var_dump(fread($b, 100));
--EXPECT--
int(5)
string(5) "URYYB"
string(5) "uryyb"
