--TEST--
stream_socket_server: the port is read as atoi() reads: no digits and 65536 mean 0, trailing text is ignored
--FILE--
<?php
foreach (['0/path', 'http', '65536', '  0x', '131072:99'] as $port) {
    $server = stream_socket_server("tcp://127.0.0.1:$port", $code, $message);
    var_dump(is_resource($server) && preg_match('/^127\.0\.0\.1:[1-9]\d*$/', stream_socket_get_name($server, false)), $code, $message);
}
--EXPECT--
bool(true)
int(0)
string(0) ""
bool(true)
int(0)
string(0) ""
bool(true)
int(0)
string(0) ""
bool(true)
int(0)
string(0) ""
bool(true)
int(0)
string(0) ""
