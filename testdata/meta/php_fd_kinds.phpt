--TEST--
php://fd/N: on udp, unix and pair sockets, each with a life of its own
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
$path = sys_get_temp_dir() . '/phpsock-php-fd-' . getmypid();
$udp = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$unix = stream_socket_server("unix://$path");
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
foreach (['udp' => $udp, 'unix' => $unix, 'pair' => $b] as $kind => $stream) {
    $copies[$kind] = $copy = fopen('php://fd/' . number($stream), 'r+');
    $data = stream_get_meta_data($copy);
    echo $kind, ' ', strtok($data['stream_type'], '/'), " $data[mode] ", var_export($data['blocked'], true), ' ',
        json_encode(stream_socket_get_name($copy, false) === stream_socket_get_name($stream, false)), "\n";
}
unset($copy);
// each is closed on its own
fclose($udp);
$client = stream_socket_client('udp://' . stream_socket_get_name($copies['udp'], false));
fwrite($client, 'datagram');
var_dump(stream_socket_recvfrom($copies['udp'], 100, 0, $from), $from === stream_socket_get_name($client, false));
var_dump(stream_socket_sendto($copies['udp'], 'back', 0, $from), fread($client, 100));
fclose($unix);
$client = stream_socket_client("unix://$path");
fwrite($client, 'on a path');
var_dump(fread(@stream_socket_accept($copies['unix'], 1), 100));
fwrite($copies['pair'], 'from the copy');
fwrite($b, ', from the first');
var_dump(fread($a, 100));
fclose($copies['pair']);
fwrite($a, 'still open');
var_dump(fread($b, 100));
// O_NONBLOCK belongs to both, what a stream says of itself does not
$copy = fopen('php://fd/' . number($b), 'r+');
stream_set_blocking($copy, false);
var_dump(stream_get_meta_data($b)['blocked'], fread($copy, 10));
fclose($b);
fwrite($a, 'more');
var_dump(fread($copy, 10));
fclose($copy);
var_dump(fread($a, 10), feof($a));
unlink($path);
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-php-fd-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
--EXPECT--
udp tcp_socket r+ true true
unix tcp_socket r+ true true
pair tcp_socket r+ true true
string(8) "datagram"
bool(true)
int(4)
string(4) "back"
string(9) "on a path"
string(29) "from the copy, from the first"
string(10) "still open"
bool(true)
string(0) ""
string(4) "more"
string(0) ""
bool(true)
