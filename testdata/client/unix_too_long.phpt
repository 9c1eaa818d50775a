--TEST--
stream_socket_client: a unix path is cut to 107 bytes, an abstract name to 108, as the server did
--FILE--
<?php
$path = str_pad(sys_get_temp_dir() . '/phpsock-client-too-long-' . getmypid() . '-', 107, 'x');
set_error_handler(function ($level, $text) { echo "$level $text\n"; });
$server = stream_socket_server("unix://$path");
foreach (["unix://$path", "unix://{$path}y"] as $address) {
    $client = stream_socket_client($address, $code, $message, 1);
    var_dump(is_resource($client), $code, $message, stream_socket_get_name($client, true) === $path);
}
var_dump(is_resource(fsockopen("unix://{$path}yz")));
unlink($path);
set_error_handler(null);
var_dump(@stream_socket_client("unix://{$path}y", $code, $message, 1), $code, $message);
$server = stream_socket_server("udg://$path", $code, $message, STREAM_SERVER_BIND);
$client = @stream_socket_client("udg://{$path}y");
var_dump(fwrite($client, 'x'), stream_socket_recvfrom($server, 10));
unlink($path);
$name = str_pad("\0phpsock-client" . getmypid(), 108, 'x');
$server = stream_socket_server("unix://$name");
var_dump(is_resource(stream_socket_client("unix://$name")), is_resource(@stream_socket_client("unix://{$name}y")), error_get_last()['message']);
var_dump(@stream_socket_client('unix://' . substr($name, 0, 107), $code), $code);
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-client-too-long-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
--EXPECT--
bool(true)
int(0)
string(0) ""
bool(true)
8 stream_socket_client(): socket path exceeded the maximum allowed length of 107 bytes and was truncated
bool(true)
int(0)
string(0) ""
bool(true)
8 fsockopen(): socket path exceeded the maximum allowed length of 107 bytes and was truncated
bool(true)
bool(false)
int(2)
string(25) "No such file or directory"
int(1)
string(1) "x"
bool(true)
bool(true)
string(102) "stream_socket_client(): socket path exceeded the maximum allowed length of 108 bytes and was truncated"
bool(false)
int(111)
