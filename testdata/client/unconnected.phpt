--TEST--
stream_socket_client: without CONNECT there is a resource but no socket
--FILE--
<?php
$client = stream_socket_client('tcp://127.0.0.1:1', $code, $message, 1, 0);
var_dump(is_resource($client), $code, $message);
var_dump(fwrite($client, 'x'), fread($client, 10), feof($client));
var_dump(stream_socket_get_name($client, false), stream_socket_get_name($client, true));
var_dump(stream_socket_shutdown($client, STREAM_SHUT_RDWR));
var_dump(stream_get_meta_data($client)['blocked']);
var_dump(fclose($client));
--EXPECT--
bool(true)
int(0)
string(0) ""
int(0)
bool(false)
bool(true)
bool(false)
bool(false)
bool(false)
bool(true)
bool(true)
