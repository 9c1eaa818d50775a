--TEST--
stream_socket_sendto: 65507 bytes are the largest udp datagram
--FILE--
<?php
$server = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
$name = stream_socket_get_name($server, false);
$client = stream_socket_client("udp://$name");
$other = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
set_error_handler(function ($level, $text) { echo "$level ", json_encode($text), "\n"; });
foreach ([65507, 65508, 70000] as $size) {
    $data = random_bytes($size);
    var_dump($sent = stream_socket_sendto($client, $data));
    if ($sent > 0) var_dump(stream_socket_recvfrom($server, 100000) === $data);
    var_dump($sent = stream_socket_sendto($other, $data, 0, $name));
    if ($sent > 0) var_dump(stream_socket_recvfrom($server, 100000, STREAM_PEEK) === $data, stream_socket_recvfrom($server, 65507) === $data);
    var_dump($sent = fwrite($client, $data));
    // reads are cut at the size of a chunk
    if ($sent > 0) var_dump(fread($server, 8192) === substr($data, 0, 8192));
}
stream_set_chunk_size($server, 65536);
fwrite($client, $data = random_bytes(65507));
var_dump(fread($server, 65507) === $data);
--EXPECT--
int(65507)
bool(true)
int(65507)
bool(true)
bool(true)
int(65507)
bool(true)
2 "stream_socket_sendto(): Message too long\n"
int(-1)
2 "stream_socket_sendto(): Message too long\n"
int(-1)
8 "fwrite(): Send of 65508 bytes failed with errno=90 Message too long"
bool(false)
2 "stream_socket_sendto(): Message too long\n"
int(-1)
2 "stream_socket_sendto(): Message too long\n"
int(-1)
8 "fwrite(): Send of 70000 bytes failed with errno=90 Message too long"
bool(false)
bool(true)
