--TEST--
stream_get_line: lines with an end of one's own, which is taken off; a partial line stays in the buffer
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($a, "one;;two;;;three");
var_dump(stream_get_line($b, 100, ';;'), stream_get_line($b, 100, ';;'));
stream_set_blocking($b, false);
var_dump(stream_get_line($b, 100, ';;'), stream_get_meta_data($b)['unread_bytes']);
fwrite($a, ';;');
var_dump(stream_get_line($b, 100, ';;'), stream_get_line($b, 100, ';;'));
fwrite($a, "abcdefgh");
var_dump(stream_get_line($b, 3, "\n"), stream_get_line($b, 0, 'f'));
fclose($a);
var_dump(stream_get_line($b, 100, "\n"), stream_get_line($b, 100, "\n"), feof($b));
--EXPECT--
string(3) "one"
string(3) "two"
bool(false)
int(6)
string(6) ";three"
bool(false)
string(3) "abc"
string(2) "de"
string(2) "gh"
bool(false)
bool(true)
