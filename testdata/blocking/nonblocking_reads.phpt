--TEST--
Non-blocking streams: what each function gives when nothing is there
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
var_dump(stream_set_blocking($b, false), stream_get_meta_data($b)['blocked']);
var_dump(fread($b, 10), fgets($b), fgetc($b), stream_get_line($b, 10, "\n"), stream_get_contents($b), stream_socket_recvfrom($b, 10));
var_dump(feof($b), stream_get_meta_data($b)['timed_out']);
fwrite($a, 'par');
var_dump(fgets($b));
fwrite($a, 'par');
var_dump(stream_get_line($b, 10, "\n"), fread($b, 10));
fclose($a);
var_dump(fread($b, 10), fgets($b), fgetc($b), stream_get_line($b, 10, "\n"), stream_get_contents($b), stream_socket_recvfrom($b, 10), feof($b));
--EXPECT--
bool(true)
bool(false)
string(0) ""
bool(false)
bool(false)
bool(false)
string(0) ""
bool(false)
bool(false)
bool(false)
string(3) "par"
bool(false)
string(3) "par"
string(0) ""
bool(false)
bool(false)
bool(false)
string(0) ""
string(0) ""
bool(true)
