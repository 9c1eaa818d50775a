--TEST--
stream_socket_server: addresses that cannot be parsed fail before any system call, with code 0
--FILE--
<?php
$addresses = ['', 'tcp://', 'tcp://127.0.0.1', '127.0.0.1', 'tcp://[::1', 'tcp://[::1]', 'tcp://[::1]x:0', 'tcp://[]', 'tcp://[', 'tcp://:',
    'udp://127.0.0.1', "tcp://127.0.0.1:0\0x", "udp://127.0.0.1\0:0"];
foreach ($addresses as $address) {
    echo addcslashes($address, "\0"), "\n";
    var_dump(stream_socket_server($address, $code, $message, STREAM_SERVER_BIND), $code, $message);
}
--EXPECTF--
Warning: stream_socket_server(): Unable to connect to  (Failed to parse address "") in %s on line %d
bool(false)
int(0)
string(26) "Failed to parse address """
tcp://

Warning: stream_socket_server(): Unable to connect to tcp:// (Failed to parse address "") in %s on line %d
bool(false)
int(0)
string(26) "Failed to parse address """
tcp://127.0.0.1

Warning: stream_socket_server(): Unable to connect to tcp://127.0.0.1 (Failed to parse address "127.0.0.1") in %s on line %d
bool(false)
int(0)
string(35) "Failed to parse address "127.0.0.1""
127.0.0.1

Warning: stream_socket_server(): Unable to connect to 127.0.0.1 (Failed to parse address "127.0.0.1") in %s on line %d
bool(false)
int(0)
string(35) "Failed to parse address "127.0.0.1""
tcp://[::1

Warning: stream_socket_server(): Unable to connect to tcp://[::1 (Failed to parse IPv6 address "[::1") in %s on line %d
bool(false)
int(0)
string(35) "Failed to parse IPv6 address "[::1""
tcp://[::1]

Warning: stream_socket_server(): Unable to connect to tcp://[::1] (Failed to parse IPv6 address "[::1]") in %s on line %d
bool(false)
int(0)
string(36) "Failed to parse IPv6 address "[::1]""
tcp://[::1]x:0

Warning: stream_socket_server(): Unable to connect to tcp://[::1]x:0 (Failed to parse IPv6 address "[::1]x:0") in %s on line %d
bool(false)
int(0)
string(39) "Failed to parse IPv6 address "[::1]x:0""
tcp://[]

Warning: stream_socket_server(): Unable to connect to tcp://[] (Failed to parse IPv6 address "[]") in %s on line %d
bool(false)
int(0)
string(33) "Failed to parse IPv6 address "[]""
tcp://[

Warning: stream_socket_server(): Unable to connect to tcp://[ (Failed to parse address "[") in %s on line %d
bool(false)
int(0)
string(27) "Failed to parse address "[""
tcp://:

Warning: stream_socket_server(): Unable to connect to tcp://: (Failed to parse address ":") in %s on line %d
bool(false)
int(0)
string(27) "Failed to parse address ":""
udp://127.0.0.1

Warning: stream_socket_server(): Unable to connect to udp://127.0.0.1 (Failed to parse address "127.0.0.1") in %s on line %d
bool(false)
int(0)
string(35) "Failed to parse address "127.0.0.1""
tcp://127.0.0.1:0\000x

Warning: stream_socket_server(): Unable to connect to tcp://127.0.0.1:0 (The hostname must not contain null bytes) in %s on line %d
bool(false)
int(0)
string(40) "The hostname must not contain null bytes"
udp://127.0.0.1\000:0

Warning: stream_socket_server(): Unable to connect to udp://127.0.0.1 (The hostname must not contain null bytes) in %s on line %d
bool(false)
int(0)
string(40) "The hostname must not contain null bytes"
