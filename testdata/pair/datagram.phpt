--TEST--
stream_socket_pair: datagram and seqpacket pairs keep the bounds of messages
--FILE--
<?php
foreach ([STREAM_SOCK_DGRAM, STREAM_SOCK_SEQPACKET] as $type) {
    [$a, $b] = stream_socket_pair(STREAM_PF_UNIX, $type, 0);
    fwrite($a, 'one');
    fwrite($a, 'two');
    stream_socket_sendto($a, 'three');
    var_dump(fread($b, 100), stream_socket_recvfrom($b, 2, 0, $from), $from, stream_socket_recvfrom($b, 100));
}
--EXPECT--
string(3) "one"
string(2) "tw"
string(0) ""
string(5) "three"
string(3) "one"
string(2) "tw"
string(0) ""
string(5) "three"
