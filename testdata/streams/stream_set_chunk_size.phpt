--TEST--
stream_set_chunk_size: gives the old size, and wants a positive one
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
var_dump(stream_set_chunk_size($b, 3), stream_set_chunk_size($b, 4));
fwrite($a, '0123456789');
var_dump(fread($b, 100), stream_get_meta_data($b)['unread_bytes']);
foreach ([0, -1, PHP_INT_MAX] as $size) {
    try { stream_set_chunk_size($b, $size); } catch (ValueError $e) { echo $e->getMessage(), "\n"; }
}
--EXPECT--
int(8192)
int(3)
string(4) "0123"
int(0)
stream_set_chunk_size(): Argument #2 ($size) must be greater than 0
stream_set_chunk_size(): Argument #2 ($size) must be greater than 0
stream_set_chunk_size(): Argument #2 ($size) is too large
