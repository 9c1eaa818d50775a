--TEST--
fread: one read of the system a call, at most a chunk of 8192 bytes
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener);
fwrite($client, str_repeat('x', 20000));
usleep(5000);
var_dump(strlen(fread($peer, 100000)), stream_get_meta_data($peer)['unread_bytes']);
var_dump(strlen(fread($peer, 100)), stream_get_meta_data($peer)['unread_bytes']);
var_dump(strlen(fread($peer, 8092)));
var_dump(strlen(fread($peer, 8192)));
try { fread($peer, 0); } catch (ValueError $e) { echo $e->getMessage(), "\n"; }
--EXPECT--
int(8192)
int(0)
int(100)
int(8092)
int(8092)
int(3616)
fread(): Argument #2 ($length) must be greater than 0
