--TEST--
fwrite: a blocking write that nobody reads ends after the time limit with what was sent
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
stream_set_timeout($a, 0, 20000);
$big = str_repeat('x', 1 << 22);
set_error_handler(function ($level, $text) { var_dump($level, preg_replace('/\d+ bytes/', 'N bytes', $text)); });
$sent = fwrite($a, $big);
var_dump($sent > 0 && $sent < strlen($big), stream_get_meta_data($a)['timed_out']);
var_dump(fwrite($a, $big));
--EXPECT--
int(8)
string(79) "fwrite(): Send of N bytes failed with errno=11 Resource temporarily unavailable"
bool(true)
bool(true)
int(8)
string(79) "fwrite(): Send of N bytes failed with errno=11 Resource temporarily unavailable"
bool(false)
