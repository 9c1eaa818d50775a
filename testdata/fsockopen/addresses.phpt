--TEST--
fsockopen: the port may be inside the host name, any transport may be before it
--FILE--
<?php
$tcp = stream_socket_server('tcp://127.0.0.1:0');
$udp = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$path = sys_get_temp_dir() . '/phpsock-fsockopen-' . getmypid();
$unix = stream_socket_server("unix://$path");
$name = stream_socket_get_name($tcp, false);
[$host, $port] = explode(':', $name);
foreach ([
    [$host, $port], [$name, -1], [$name, 0], ["tcp://$host", $port], ["tcp://$name"], ['127.1', $port],
] as $arguments) {
    $code = $message = null;
    $client = fsockopen($arguments[0], (int) ($arguments[1] ?? -1), $code, $message);
    $peer = stream_socket_accept($tcp, 1);
    var_dump($code, $message, stream_socket_get_name($client, true) === $name, get_resource_type($client));
    fwrite($client, "over $arguments[0]");
    fclose($client);
    echo str_replace($port, 'PORT', stream_get_contents($peer)), "\n";
}
$client = fsockopen("udp://$host", (int) explode(':', stream_socket_get_name($udp, false))[1]);
fwrite($client, 'datagram');
var_dump(stream_get_meta_data($client)['stream_type'], stream_socket_recvfrom($udp, 100));
$client = fsockopen("unix://$path");
fwrite($client, 'on a path');
var_dump(stream_get_meta_data($client)['stream_type'], fread(@stream_socket_accept($unix, 1), 100));
unlink($path);
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-fsockopen-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
--EXPECT--
int(0)
string(0) ""
bool(true)
string(6) "stream"
over 127.0.0.1
int(0)
string(0) ""
bool(true)
string(6) "stream"
over 127.0.0.1:PORT
int(0)
string(0) ""
bool(true)
string(6) "stream"
over 127.0.0.1:PORT
int(0)
string(0) ""
bool(true)
string(6) "stream"
over tcp://127.0.0.1
int(0)
string(0) ""
bool(true)
string(6) "stream"
over tcp://127.0.0.1:PORT
int(0)
string(0) ""
bool(true)
string(6) "stream"
over 127.1
string(10) "udp_socket"
string(8) "datagram"
string(11) "unix_socket"
string(9) "on a path"
