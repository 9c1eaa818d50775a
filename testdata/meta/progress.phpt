--TEST--
stream_get_meta_data: unread_bytes, eof and timed_out follow the reads, and asking changes nothing
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
$peer = stream_socket_accept($listener);
function show() {
    global $peer;
    $data = stream_get_meta_data($peer);
    echo $data['unread_bytes'], $data['eof'] ? ' eof' : '', $data['timed_out'] ? ' timed out' : '', $data['blocked'] ? '' : ' non-blocking', "\n";
}
fwrite($client, "line\nmore");
show();
fgets($peer);
show();
fread($peer, 4);
show();
stream_set_timeout($peer, 0, 1000);
fread($peer, 1);
show();
fclose($client);
usleep(5000);
show();
fread($peer, 1);
show();
stream_set_blocking($peer, false);
show();
--EXPECT--
0
4
0
0 timed out
0 timed out
0 eof
0 eof non-blocking
