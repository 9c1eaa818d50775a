--TEST--
fread: with a time limit of zero nothing is waited for; PHP 8.3 and later do not call that timed out
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
stream_set_timeout($b, 0);
$early = PHP_VERSION_ID < 80300;
var_dump(fread($b, 10) === ($early ? false : ''), stream_get_meta_data($b)['timed_out'] === $early);
fwrite($a, 'x');
var_dump(fread($b, 10) === 'x', feof($b));
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(false)
