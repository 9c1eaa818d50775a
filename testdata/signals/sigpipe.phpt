--TEST--
SIGPIPE does not end the script, writes to a closed peer fail with errno 32
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fclose($b);
var_dump(fwrite($a, 'x'));
var_dump(@stream_socket_sendto($a, 'x'));
$pipe = popen('exit 0', 'w');
usleep(20000);
var_dump(@fwrite($pipe, 'x'));
echo "still here\n";
--EXPECTF--
Notice: fwrite(): Send of 1 bytes failed with errno=32 Broken pipe in %s on line %d
bool(false)
int(-1)
bool(false)
still here
