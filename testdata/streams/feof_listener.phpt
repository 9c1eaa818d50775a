--TEST--
feof: an idle listener is not at its end, one with a waiting connection is
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
var_dump(feof($listener));
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
var_dump(feof($listener), stream_get_meta_data($listener)['eof']);
var_dump(is_resource(stream_socket_accept($listener, 0)));
--EXPECT--
bool(false)
bool(true)
bool(true)
bool(true)
