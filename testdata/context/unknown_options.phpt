--TEST--
Unknown context options are kept and ignored
--FILE--
<?php
$options = ['socket' => ['so_linger' => 5, 'tcp_nodelay' => 'yes'], 'other' => ['x' => [1, 2]]];
$context = stream_context_create($options);
$server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
var_dump(is_resource($server), stream_context_get_options($server) === $options);
var_dump(stream_context_set_option($server, 'socket', 'later', 1), stream_context_get_options($context)['socket']['later']);
var_dump(stream_context_get_params($server)['options'] == stream_context_get_options($context));
--EXPECT--
bool(true)
bool(true)
bool(true)
int(1)
bool(true)
