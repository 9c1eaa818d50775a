--TEST--
stream_socket_recvfrom: one datagram a call with its sender; what exceeds the length is lost
--FILE--
<?php
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$client = stream_socket_client('udp://' . stream_socket_get_name($server, false));
foreach (['first', 'a longer one', '', 'last'] as $data) {
    stream_socket_sendto($client, $data);
}
foreach ([100, 8, 10, 10] as $length) {
    var_dump(stream_socket_recvfrom($server, $length, 0, $from), $from === stream_socket_get_name($client, false));
}
--EXPECT--
string(5) "first"
bool(true)
string(8) "a longer"
bool(true)
string(0) ""
bool(true)
string(4) "last"
bool(true)
