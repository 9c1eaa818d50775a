--TEST--
fopen: php://fd/N on a listener gives a stream of its own that can accept
--SKIPIF--
<?php
if (!is_dir('/proc/self/fd')) die('skip needs /proc');
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($listener, false);
$inode = fstat($listener)['ino'];
foreach (scandir('/proc/self/fd') as $fd) {
    if (@readlink("/proc/self/fd/$fd") === "socket:[$inode]") break;
}
$again = fopen("php://fd/$fd", 'r+');
$data = stream_get_meta_data($again);
var_dump(strtok($data['stream_type'], '/'), $data['wrapper_type'], $data['mode'], $data['uri'] === "php://fd/$fd");
var_dump(stream_socket_get_name($again, false) === $name);
fclose($listener);
$client = stream_socket_client("tcp://$name");
fwrite($client, 'hello');
$peer = stream_socket_accept($again, 1, $from);
var_dump(fread($peer, 10), $from === stream_socket_get_name($client, false));
--EXPECT--
string(10) "tcp_socket"
string(3) "PHP"
string(2) "r+"
bool(true)
bool(true)
string(5) "hello"
bool(true)
