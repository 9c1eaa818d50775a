--TEST--
The exit status of scripts that end this way or that, with sockets open
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$open = '$server = stream_socket_server("tcp://127.0.0.1:0"); $client = stream_socket_client("tcp://" . stream_socket_get_name($server, false)); ';
foreach (['', 'exit(3);', 'exit("text");', 'die;', 'throw new Exception("x");', 'stream_socket_accept($client, NAN);', 'function {',
    'register_shutdown_function(fn () => exit(7));', 'trigger_error("x", E_USER_ERROR);', 'fwrite(STDERR, "to stderr"); exit(300);'] as $code) {
    $child = proc_open([PHP_BINARY, '-n', '-d', 'display_errors=0', '-d', 'log_errors=0', '-r', $open . $code],
        [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes);
    $output = stream_get_contents($pipes[1]) . '|' . stream_get_contents($pipes[2]);
    echo proc_close($child), ' ', $output, "\n";
}
--EXPECT--
0 |
3 |
0 text|
0 |
255 |
255 |
255 |
7 |
255 |
44 |to stderr
