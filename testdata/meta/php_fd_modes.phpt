--TEST--
php://fd/N: modes, closed numbers and those that are none
--SKIPIF--
<?php
if (!is_dir('/proc/self/fd')) die('skip needs /proc');
--FILE--
<?php
function number($stream): int {
    $inode = fstat($stream)["ino"];
    foreach (scandir("/proc/self/fd") as $fd) {
        if (@readlink("/proc/self/fd/$fd") === "socket:[$inode]") return (int) $fd;
    }
}
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
stream_set_timeout($client, 0, 20000);
$peer = stream_socket_accept($listener, 1);
$number = number($peer);
foreach (['r', 'w', 'r+', 'a+'] as $mode) {
    $copy = fopen("php://fd/$number", $mode);
    echo $mode, ' ', stream_get_meta_data($copy)['mode'], ' ', json_encode([@fwrite($copy, 'x'), fread($client, 1)]), "\n";
    fclose($copy);
}
fclose($peer);
set_error_handler(function ($level, $text) { echo "$level ", preg_replace('/(fd\/|descriptor |than )\d+/', '$1N', $text), "\n"; });
var_dump(fopen("php://fd/$number", 'r+'), fopen('php://fd/-1', 'r'), fopen('php://fd/99999999', 'r'), fopen('php://fd/x', 'r'));
var_dump(fread($client, 1), feof($client));
--EXPECT--
r r+ [1,"x"]
w r+ [1,"x"]
r+ r+ [1,"x"]
a+ r+ [1,"x"]
2 fopen(php://fd/N): Failed to open stream: Error duping file descriptor N; possibly it doesn't exist: [9]: Bad file descriptor
2 fopen(php://fd/-1): Failed to open stream: The file descriptors must be non-negative numbers smaller than N
2 fopen(php://fd/N): Failed to open stream: The file descriptors must be non-negative numbers smaller than N
2 fopen(php://fd/x): Failed to open stream: php://fd/ stream must be specified in the form php://fd/<orig fd>
bool(false)
bool(false)
bool(false)
bool(false)
string(0) ""
bool(true)
