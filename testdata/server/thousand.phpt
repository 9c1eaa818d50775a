--TEST--
stream_socket_server: 1000 sockets at a time, all different, all closed at the end
--SKIPIF--
<?php
$limit = (int) shell_exec('ulimit -n'); if ($limit && $limit < 1100) die('skip the limit of open files is too low');
--FILE--
<?php
$servers = $ports = [];
for ($i = 0; $i < 500; $i++) {
    $servers[] = $tcp = stream_socket_server('tcp://127.0.0.1:0');
    $servers[] = $udp = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND);
    $ports[stream_socket_get_name($tcp, false)] = true;
}
var_dump(count($servers), count($ports));
foreach ([0, 500, 998] as $i) {
    $client = stream_socket_client('tcp://' . stream_socket_get_name($servers[$i], false));
    fwrite($client, "to $i");
    echo fread(stream_socket_accept($servers[$i], 1), 100), "\n";
}
array_map('fclose', $servers);
var_dump(array_filter($servers, 'is_resource'));
--EXPECT--
int(1000)
int(500)
to 0
to 500
to 998
array(0) {
}
