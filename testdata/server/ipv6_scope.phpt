--TEST--
IPv6 addresses with a scope, by number and by name
--SKIPIF--
<?php
if (!@stream_socket_server('tcp://[::1]:0')) die('skip needs IPv6');
if (!is_dir('/sys/class/net/lo')) die('skip needs an interface lo');
--FILE--
<?php
set_error_handler(function ($level, $text) { echo "$level ", preg_replace('/\d{5}/', 'PORT', $text), "\n"; });
foreach (['[::1%1]', '[::1%lo]', '[fe80::1%lo]', '[fe80::1%1]', '[::1%nosuch]', '[fe80::1%]', '[fe80::1%999]', '[fe80::1]', '[::%lo]', '::1%lo'] as $host) {
    foreach (['tcp', 'udp'] as $transport) {
        $code = $message = null;
        $server = stream_socket_server("$transport://$host:0", $code, $message, $transport === 'tcp' ? 12 : 4);
        echo "$transport $host ", $server ? preg_replace('/:\d+$/', '', stream_socket_get_name($server, false)) : var_export($message, true), "\n";
    }
}
$server = stream_socket_server('tcp://[::1]:0');
$port = substr(strrchr(stream_socket_get_name($server, false), ':'), 1);
foreach (['[::1%1]', '[::1%lo]', '[::1%nosuch]'] as $host) {
    $client = @stream_socket_client("tcp://$host:$port", $code, $message, 1);
    echo $host, ' ', $client ? (stream_socket_get_name($client, true) === "[::1]:$port" ? 'connected' : 'elsewhere') : "$code $message", "\n";
}
$udp = stream_socket_server('udp://[::1]:0', $code, $message, STREAM_SERVER_BIND);
$port = substr(strrchr(stream_socket_get_name($udp, false), ':'), 1);
var_dump(@stream_socket_sendto($udp, 'x', 0, "[::1%lo]:$port"), stream_socket_sendto($udp, 'y', 0, "[::1]:$port"), stream_socket_recvfrom($udp, 10));
--EXPECT--
tcp [::1%1] [::1]
udp [::1%1] [::1]
2 stream_socket_server(): php_network_getaddresses: getaddrinfo for ::1%lo failed: Name or service not known
2 stream_socket_server(): Unable to connect to tcp://[::1%lo]:0 (php_network_getaddresses: getaddrinfo for ::1%lo failed: Name or service not known)
tcp [::1%lo] 'php_network_getaddresses: getaddrinfo for ::1%lo failed: Name or service not known'
2 stream_socket_server(): php_network_getaddresses: getaddrinfo for ::1%lo failed: Name or service not known
2 stream_socket_server(): Unable to connect to udp://[::1%lo]:0 (php_network_getaddresses: getaddrinfo for ::1%lo failed: Name or service not known)
udp [::1%lo] 'php_network_getaddresses: getaddrinfo for ::1%lo failed: Name or service not known'
2 stream_socket_server(): Unable to connect to tcp://[fe80::1%lo]:0 (Cannot assign requested address)
tcp [fe80::1%lo] 'Cannot assign requested address'
2 stream_socket_server(): Unable to connect to udp://[fe80::1%lo]:0 (Cannot assign requested address)
udp [fe80::1%lo] 'Cannot assign requested address'
2 stream_socket_server(): Unable to connect to tcp://[fe80::1%1]:0 (Cannot assign requested address)
tcp [fe80::1%1] 'Cannot assign requested address'
2 stream_socket_server(): Unable to connect to udp://[fe80::1%1]:0 (Cannot assign requested address)
udp [fe80::1%1] 'Cannot assign requested address'
2 stream_socket_server(): php_network_getaddresses: getaddrinfo for ::1%nosuch failed: Name or service not known
2 stream_socket_server(): Unable to connect to tcp://[::1%nosuch]:0 (php_network_getaddresses: getaddrinfo for ::1%nosuch failed: Name or service not known)
tcp [::1%nosuch] 'php_network_getaddresses: getaddrinfo for ::1%nosuch failed: Name or service not known'
2 stream_socket_server(): php_network_getaddresses: getaddrinfo for ::1%nosuch failed: Name or service not known
2 stream_socket_server(): Unable to connect to udp://[::1%nosuch]:0 (php_network_getaddresses: getaddrinfo for ::1%nosuch failed: Name or service not known)
udp [::1%nosuch] 'php_network_getaddresses: getaddrinfo for ::1%nosuch failed: Name or service not known'
2 stream_socket_server(): php_network_getaddresses: getaddrinfo for fe80::1% failed: Name or service not known
2 stream_socket_server(): Unable to connect to tcp://[fe80::1%]:0 (php_network_getaddresses: getaddrinfo for fe80::1% failed: Name or service not known)
tcp [fe80::1%] 'php_network_getaddresses: getaddrinfo for fe80::1% failed: Name or service not known'
2 stream_socket_server(): php_network_getaddresses: getaddrinfo for fe80::1% failed: Name or service not known
2 stream_socket_server(): Unable to connect to udp://[fe80::1%]:0 (php_network_getaddresses: getaddrinfo for fe80::1% failed: Name or service not known)
udp [fe80::1%] 'php_network_getaddresses: getaddrinfo for fe80::1% failed: Name or service not known'
2 stream_socket_server(): Unable to connect to tcp://[fe80::1%999]:0 (No such device)
tcp [fe80::1%999] 'No such device'
2 stream_socket_server(): Unable to connect to udp://[fe80::1%999]:0 (No such device)
udp [fe80::1%999] 'No such device'
2 stream_socket_server(): Unable to connect to tcp://[fe80::1]:0 (Invalid argument)
tcp [fe80::1] 'Invalid argument'
2 stream_socket_server(): Unable to connect to udp://[fe80::1]:0 (Invalid argument)
udp [fe80::1] 'Invalid argument'
2 stream_socket_server(): php_network_getaddresses: getaddrinfo for ::%lo failed: Name or service not known
2 stream_socket_server(): Unable to connect to tcp://[::%lo]:0 (php_network_getaddresses: getaddrinfo for ::%lo failed: Name or service not known)
tcp [::%lo] 'php_network_getaddresses: getaddrinfo for ::%lo failed: Name or service not known'
2 stream_socket_server(): php_network_getaddresses: getaddrinfo for ::%lo failed: Name or service not known
2 stream_socket_server(): Unable to connect to udp://[::%lo]:0 (php_network_getaddresses: getaddrinfo for ::%lo failed: Name or service not known)
udp [::%lo] 'php_network_getaddresses: getaddrinfo for ::%lo failed: Name or service not known'
2 stream_socket_server(): php_network_getaddresses: getaddrinfo for  failed: Name or service not known
2 stream_socket_server(): Unable to connect to tcp://::1%lo:0 (php_network_getaddresses: getaddrinfo for  failed: Name or service not known)
tcp ::1%lo 'php_network_getaddresses: getaddrinfo for  failed: Name or service not known'
2 stream_socket_server(): php_network_getaddresses: getaddrinfo for  failed: Name or service not known
2 stream_socket_server(): Unable to connect to udp://::1%lo:0 (php_network_getaddresses: getaddrinfo for  failed: Name or service not known)
udp ::1%lo 'php_network_getaddresses: getaddrinfo for  failed: Name or service not known'
[::1%1] connected
2 stream_socket_client(): php_network_getaddresses: getaddrinfo for ::1%lo failed: Name or service not known
2 stream_socket_client(): Unable to connect to tcp://[::1%lo]:PORT (php_network_getaddresses: getaddrinfo for ::1%lo failed: Name or service not known)
[::1%lo] 0 php_network_getaddresses: getaddrinfo for ::1%lo failed: Name or service not known
2 stream_socket_client(): php_network_getaddresses: getaddrinfo for ::1%nosuch failed: Name or service not known
2 stream_socket_client(): Unable to connect to tcp://[::1%nosuch]:PORT (php_network_getaddresses: getaddrinfo for ::1%nosuch failed: Name or service not known)
[::1%nosuch] 0 php_network_getaddresses: getaddrinfo for ::1%nosuch failed: Name or service not known
2 stream_socket_sendto(): php_network_getaddresses: getaddrinfo for ::1%lo failed: Name or service not known
2 stream_socket_sendto(): Failed to resolve `::1%lo': php_network_getaddresses: getaddrinfo for ::1%lo failed: Name or service not known
2 stream_socket_sendto(): Failed to parse `[::1%lo]:PORT' into a valid network address
bool(false)
int(1)
string(1) "y"
