--TEST--
fgets: after the time limit it gives the partial line, then false
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
stream_set_timeout($b, 0, 10000);
fwrite($a, 'partial');
var_dump(fgets($b), stream_get_meta_data($b)['timed_out']);
var_dump(fgets($b), stream_get_meta_data($b)['timed_out']);
fwrite($a, "whole\n");
var_dump(fgets($b), stream_get_meta_data($b)['timed_out']);
--EXPECT--
string(7) "partial"
bool(true)
bool(false)
bool(true)
string(6) "whole
"
bool(false)
