--TEST--
Context option socket.so_reuseaddr: false leaves it off, and a port whose connections are not forgotten yet is in use
--EXTENSIONS--
sockets
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip PHP gets this option in 8.6');
--FILE--
<?php
$flags = STREAM_SERVER_BIND | STREAM_SERVER_LISTEN;
foreach ([[], ['so_reuseaddr' => true], ['so_reuseaddr' => false]] as $options) {
    $context = stream_context_create(['socket' => $options]);
    $server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, $flags, $context);
    echo socket_get_option(socket_import_stream($server), SOL_SOCKET, SO_REUSEADDR), ' ';
    $udp = stream_socket_server('udp://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND, $context);
    echo socket_get_option(socket_import_stream($udp), SOL_SOCKET, SO_REUSEADDR), ' ';
    $name = stream_socket_get_name($server, false);
    $client = stream_socket_client("tcp://$name");
    $accepted = stream_socket_accept($server, 1);
    // the server's end closes first and waits
    fclose($accepted);
    fread($client, 1);
    fclose($client);
    fclose($server);
    var_dump(is_resource(@stream_socket_server("tcp://$name", $code, $message, $flags, $context)), $code, $message);
}
--EXPECT--
1 1 bool(true)
int(0)
string(0) ""
1 1 bool(true)
int(0)
string(0) ""
0 0 bool(false)
int(98)
string(22) "Address already in use"
