--TEST--
fsockopen, pfsockopen: warnings name host and port as given, code and message are set at the end
--FILE--
<?php
$server = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) explode(':', stream_socket_get_name($server, false))[1];
fclose($server);
set_error_handler(function ($level, $text) use ($port) {
    echo "$level ", str_replace((string) $port, 'PORT', $text), "\n";
});
foreach (['fsockopen', 'pfsockopen'] as $open) {
    foreach ([
        ['127.0.0.1', $port], ["127.0.0.1:$port"], ["127.0.0.1:$port", 0], ["tcp://127.0.0.1:$port", -1],
        ['127.0.0.1'], ['unix:///no/such/path'], ['udg:///no/such/path'], ['unix:///no/such/path', 0],
        ['', 80], [''], ['[::1', 80], ['[::1]', $port], ["a\0b", 80],
    ] as $arguments) {
        $code = $message = 'before';
        var_dump($open($arguments[0], $arguments[1] ?? -1, $code, $message, 1));
        var_dump($code, str_replace((string) $port, 'PORT', $message));
    }
}
--EXPECT--
2 fsockopen(): Unable to connect to 127.0.0.1:PORT (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
2 fsockopen(): Unable to connect to 127.0.0.1:PORT:-1 (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
2 fsockopen(): Unable to connect to 127.0.0.1:PORT:0 (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
2 fsockopen(): Unable to connect to tcp://127.0.0.1:PORT:-1 (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
2 fsockopen(): Unable to connect to 127.0.0.1:-1 (Failed to parse address "127.0.0.1")
bool(false)
int(0)
string(35) "Failed to parse address "127.0.0.1""
2 fsockopen(): Unable to connect to unix:///no/such/path:-1 (No such file or directory)
bool(false)
int(2)
string(25) "No such file or directory"
2 fsockopen(): Unable to connect to udg:///no/such/path:-1 (No such file or directory)
bool(false)
int(2)
string(25) "No such file or directory"
2 fsockopen(): Unable to connect to unix:///no/such/path:0 (No such file or directory)
bool(false)
int(2)
string(25) "No such file or directory"
2 fsockopen(): php_network_getaddresses: getaddrinfo for  failed: Name or service not known
2 fsockopen(): Unable to connect to :80 (php_network_getaddresses: getaddrinfo for  failed: Name or service not known)
bool(false)
int(0)
string(76) "php_network_getaddresses: getaddrinfo for  failed: Name or service not known"
2 fsockopen(): Unable to connect to :-1 (Failed to parse address "")
bool(false)
int(0)
string(26) "Failed to parse address """
2 fsockopen(): Unable to connect to [::1:80 (Failed to parse IPv6 address "[::1:80")
bool(false)
int(0)
string(38) "Failed to parse IPv6 address "[::1:80""
2 fsockopen(): Unable to connect to [::1]:PORT (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
2 fsockopen(): Unable to connect to a:80 (The hostname must not contain null bytes)
bool(false)
int(0)
string(40) "The hostname must not contain null bytes"
2 pfsockopen(): Unable to connect to 127.0.0.1:PORT (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
2 pfsockopen(): Unable to connect to 127.0.0.1:PORT:-1 (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
2 pfsockopen(): Unable to connect to 127.0.0.1:PORT:0 (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
2 pfsockopen(): Unable to connect to tcp://127.0.0.1:PORT:-1 (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
2 pfsockopen(): Unable to connect to 127.0.0.1:-1 (Failed to parse address "127.0.0.1")
bool(false)
int(0)
string(35) "Failed to parse address "127.0.0.1""
2 pfsockopen(): Unable to connect to unix:///no/such/path:-1 (No such file or directory)
bool(false)
int(2)
string(25) "No such file or directory"
2 pfsockopen(): Unable to connect to udg:///no/such/path:-1 (No such file or directory)
bool(false)
int(2)
string(25) "No such file or directory"
2 pfsockopen(): Unable to connect to unix:///no/such/path:0 (No such file or directory)
bool(false)
int(2)
string(25) "No such file or directory"
2 pfsockopen(): php_network_getaddresses: getaddrinfo for  failed: Name or service not known
2 pfsockopen(): Unable to connect to :80 (php_network_getaddresses: getaddrinfo for  failed: Name or service not known)
bool(false)
int(0)
string(76) "php_network_getaddresses: getaddrinfo for  failed: Name or service not known"
2 pfsockopen(): Unable to connect to :-1 (Failed to parse address "")
bool(false)
int(0)
string(26) "Failed to parse address """
2 pfsockopen(): Unable to connect to [::1:80 (Failed to parse IPv6 address "[::1:80")
bool(false)
int(0)
string(38) "Failed to parse IPv6 address "[::1:80""
2 pfsockopen(): Unable to connect to [::1]:PORT (Connection refused)
bool(false)
int(111)
string(18) "Connection refused"
2 pfsockopen(): Unable to connect to a:80 (The hostname must not contain null bytes)
bool(false)
int(0)
string(40) "The hostname must not contain null bytes"
