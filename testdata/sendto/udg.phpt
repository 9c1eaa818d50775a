--TEST--
stream_socket_sendto: unix datagram sockets take no address, connected ones send
--FILE--
<?php
$path = sys_get_temp_dir() . '/phpsock-sendto-udg-' . getmypid();
$server = stream_socket_server("udg://$path", $code, $message, STREAM_SERVER_BIND);
$bound = stream_socket_server("udg://$path.2", $code, $message, STREAM_SERVER_BIND);
$client = stream_socket_client("udg://$path");
var_dump(stream_socket_sendto($client, 'connected'), stream_socket_recvfrom($server, 100, 0, $from), $from);
set_error_handler(function ($level, $text) use ($path) { echo "$level ", str_replace($path, 'PATH', $text), "\n"; });
var_dump(stream_socket_sendto($bound, 'x', 0, $path));
var_dump(stream_socket_sendto($bound, 'x', 0, "udg://$path"));
var_dump(stream_socket_sendto($bound, 'x'));
var_dump(stream_socket_sendto($client, 'x', 0, '127.0.0.1:1'));
var_dump(stream_socket_sendto($client, ''), stream_socket_recvfrom($server, 100));
var_dump(stream_socket_sendto($client, 'x', STREAM_OOB));
var_dump(fwrite($client, 'by fwrite'), fread($server, 4), fread($server, 5));
fclose($server);
var_dump(stream_socket_sendto($client, 'x'), fwrite($client, 'x'));
unlink($path);
unlink("$path.2");
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-sendto-udg-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
--EXPECT--
int(9)
string(9) "connected"
string(0) ""
2 stream_socket_sendto(): Failed to parse `PATH' into a valid network address
bool(false)
2 stream_socket_sendto(): php_network_getaddresses: getaddrinfo for udg failed: Name or service not known
2 stream_socket_sendto(): Failed to resolve `udg': php_network_getaddresses: getaddrinfo for udg failed: Name or service not known
2 stream_socket_sendto(): Failed to parse `udg://PATH' into a valid network address
bool(false)
2 stream_socket_sendto(): Transport endpoint is not connected

int(-1)
2 stream_socket_sendto(): Invalid argument

int(-1)
int(0)
string(0) ""
2 stream_socket_sendto(): Operation not supported

int(-1)
int(9)
string(4) "by f"
string(5) "write"
2 stream_socket_sendto(): Connection refused

8 fwrite(): Send of 1 bytes failed with errno=107 Transport endpoint is not connected
int(-1)
bool(false)
