--TEST--
stream_socket_client: a unix path without a file is errno 2, one that nobody listens on is 111
--FILE--
<?php
$path = sys_get_temp_dir() . '/phpsock-client-missing-' . getmypid();
foreach (['unix', 'udg'] as $transport) {
    var_dump(@stream_socket_client("$transport://$path", $code, $message), $code, $message);
}
fclose(stream_socket_server("unix://$path"));
var_dump(@stream_socket_client("unix://$path", $code, $message), $code, $message);
unlink($path);
var_dump(stream_socket_client("unix:///no/such/folder/x.sock", $code, $message), $code, $message);
--EXPECTF--
bool(false)
int(2)
string(25) "No such file or directory"
bool(false)
int(2)
string(25) "No such file or directory"
bool(false)
int(111)
string(18) "Connection refused"

Warning: stream_socket_client(): Unable to connect to unix:///no/such/folder/x.sock (No such file or directory) in %s on line %d
bool(false)
int(2)
string(25) "No such file or directory"
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-client-missing-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
