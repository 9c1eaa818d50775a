--TEST--
stream_socket_server: numeric hosts in the short forms of inet_aton() need no resolver
--FILE--
<?php
foreach (['127.1', '0x7f.1', '2130706433', '0177.0.0.1'] as $host) {
    $server = stream_socket_server("tcp://$host:0");
    echo strtok(stream_socket_get_name($server, false), ':'), "\n";
}
--EXPECT--
127.0.0.1
127.0.0.1
127.0.0.1
127.0.0.1
