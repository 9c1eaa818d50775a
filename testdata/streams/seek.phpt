--TEST--
Sockets do not seek, lock or belong to a terminal, but fstat() knows them
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$tcp = stream_socket_server('tcp://127.0.0.1:0');
foreach ([$a, $tcp] as $stream) {
    var_dump(fseek($stream, 1), ftell($stream), rewind($stream));
    var_dump(stream_is_local($stream), stream_supports_lock($stream), stream_isatty($stream));
    var_dump(decoct(fstat($stream)['mode'] & 0170000), fflush($stream), stream_set_write_buffer($stream, 0));
    var_dump(@ftruncate($stream, 1), flock($stream, LOCK_SH));
}
--EXPECTF--
Warning: fseek(): Stream does not support seeking in %s on line %d

Warning: rewind(): Stream does not support seeking in %s on line %d
int(-1)
int(0)
bool(false)
bool(false)
bool(false)
bool(false)
string(6) "140000"
bool(true)
int(-1)
bool(false)
bool(false)

Warning: fseek(): Stream does not support seeking in %s on line %d

Warning: rewind(): Stream does not support seeking in %s on line %d
int(-1)
int(0)
bool(false)
bool(false)
bool(false)
bool(false)
string(6) "140000"
bool(true)
int(-1)
bool(false)
bool(false)
