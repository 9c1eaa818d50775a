--TEST--
stream_socket_server: sockets of every kind that are still open at the end of the script are closed without a word
--FILE--
<?php
$path = sys_get_temp_dir() . '/phpsock-left-open-' . getmypid();
$tcp = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($tcp, false));
$peer = stream_socket_accept($tcp);
$udp = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$unix = stream_socket_server("unix://$path");
$pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$none = stream_socket_server('tcp://127.0.0.1:0', $code, $message, 0);
fwrite($client, 'unread');
register_shutdown_function(function () use ($path) {
    unlink($path);
    echo "shutdown\n";
});
class Last {
    public $stream, $itself;
    function __destruct() {
        echo get_resource_type($this->stream), ' ', fread($this->stream, 100), "\n";
    }
}
$last = new Last;
$last->stream = $peer;
$last->itself = $last;
echo "end\n";
--EXPECT--
end
shutdown
stream unread
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-left-open-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
