--TEST--
An error handler that closes the very stream that is in use
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
set_error_handler(function ($level, $text) use ($server) { echo "$text\n"; fclose($server); return true; });
var_dump(stream_socket_accept($server, 0), is_resource($server));
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fclose($b);
$server = $a;
set_error_handler(function ($level, $text) use ($a) { echo "$text\n"; fclose($a); return true; });
var_dump(stream_socket_sendto($a, 'x'), is_resource($a));
--EXPECT--
stream_socket_accept(): Accept failed: Connection timed out
bool(false)
bool(false)
stream_socket_sendto(): Broken pipe

int(-1)
bool(false)
