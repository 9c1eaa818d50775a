--TEST--
STREAM_CLIENT_PERSISTENT, pfsockopen(): what fails leaves nothing behind
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($server, false);
[$host, $port] = explode(':', $name);
fclose($server);
$flags = STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT;
for ($i = 0; $i < 2; $i++) {
    var_dump(@stream_socket_client("tcp://$name", $code, $message, 1, $flags), $code, $message);
    var_dump(@pfsockopen($host, $port, $code, $message, 1), $code, $message);
}
var_dump(count(get_resources('persistent stream')));
foreach (['nosuch://x:1', 'tcp://no-port', 'unix:///no/such/path'] as $address) {
    var_dump(@stream_socket_client($address, $code, $message, 1, $flags), $code, $message);
    var_dump(@pfsockopen($address, -1, $code, $message, 1), $code, $message);
}
var_dump(count(get_resources('persistent stream')));
$server = stream_socket_server("tcp://$name");
$client = stream_socket_client("tcp://$name", $code, $message, 1, $flags);
var_dump(get_resource_type($client), $code, $message);
fclose($client);
--EXPECT--
bool(false)
int(111)
string(18) "Connection refused"
bool(false)
int(111)
string(18) "Connection refused"
bool(false)
int(111)
string(18) "Connection refused"
bool(false)
int(111)
string(18) "Connection refused"
int(0)
bool(false)
int(0)
string(99) "Unable to find the socket transport "nosuch" - did you forget to enable it when you configured PHP?"
bool(false)
int(0)
string(99) "Unable to find the socket transport "nosuch" - did you forget to enable it when you configured PHP?"
bool(false)
int(0)
string(33) "Failed to parse address "no-port""
bool(false)
int(0)
string(33) "Failed to parse address "no-port""
bool(false)
int(2)
string(25) "No such file or directory"
bool(false)
int(2)
string(25) "No such file or directory"
int(0)
string(17) "persistent stream"
int(0)
string(0) ""
