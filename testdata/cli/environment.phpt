--TEST--
The command line's own: PHP_SAPI, PHP_BINARY, standard streams and defaults
--FILE--
<?php
var_dump(PHP_SAPI, php_sapi_name(), is_executable(PHP_BINARY));
var_dump(stream_get_meta_data(STDIN)['uri'], stream_get_meta_data(STDOUT)['uri'], stream_get_meta_data(STDERR)['uri']);
var_dump(ini_get('max_execution_time'), ini_get('implicit_flush'), ini_get('register_argc_argv'), ini_get('default_socket_timeout'));
var_dump($argc, count($argv), $_SERVER['argc'], $argv === $_SERVER['argv'], realpath($argv[0]) === __FILE__, $_SERVER['PHP_SELF'] === $argv[0]);
--EXPECT--
string(3) "cli"
string(3) "cli"
bool(true)
string(11) "php://stdin"
string(12) "php://stdout"
string(12) "php://stderr"
string(1) "0"
string(1) "1"
string(1) "1"
string(2) "60"
int(1)
int(1)
int(1)
bool(true)
bool(true)
bool(true)
