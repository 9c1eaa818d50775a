--TEST--
stream_select: interrupted by a signal of a child, the sets stay, the next call goes on
--EXTENSIONS--
pcntl
--FILE--
<?php
pcntl_async_signals(true);
pcntl_signal(SIGUSR1, function () { echo "handler\n"; });
$me = getmypid();
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
// the pipe of the child is open until it has sent the signal
$child = proc_open(['sh', '-c', "sleep 0.1; kill -USR1 $me"], [], $pipes);
$read = ['key' => $b];
$write = null;
$except = [$b];
$began = microtime(true);
var_dump(@stream_select($read, $write, $except, 5));
var_dump(preg_replace('/\d+\)$/', 'N)', error_get_last()['message']), array_keys($read), $write, count($except), microtime(true) - $began < 0.9);
fwrite($a, 'x');
var_dump(stream_select($read, $write, $except, 5), array_keys($read), $except);
proc_close($child);
--EXPECT--
handler
bool(false)
string(73) "stream_select(): Unable to select [4]: Interrupted system call (max_fd=N)"
array(1) {
  [0]=>
  string(3) "key"
}
NULL
int(1)
bool(true)
int(1)
array(1) {
  [0]=>
  string(3) "key"
}
array(0) {
}
