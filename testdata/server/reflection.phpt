--TEST--
Reflection sees PHP's own signatures
--FILE--
<?php
foreach (['server', 'client', 'accept', 'recvfrom', 'sendto', 'get_name', 'shutdown', 'pair'] as $name) {
    $function = new ReflectionFunction("stream_socket_$name");
    echo $function->getName(), '(', implode(', ', array_map(fn ($p) => trim(preg_replace('/^Parameter #\d+ \[ <\w+> (.*) \]$/', '$1', (string) $p)), $function->getParameters())), ')';
    echo ': ', $function->getReturnType() ?? 'none', ' ', $function->getNumberOfRequiredParameters(), ' ', $function->getExtensionName(), "\n";
}
--EXPECT--
stream_socket_server(string $address, &$error_code = null, &$error_message = null, int $flags = STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context = null): none 1 standard
stream_socket_client(string $address, &$error_code = null, &$error_message = null, ?float $timeout = null, int $flags = STREAM_CLIENT_CONNECT, $context = null): none 1 standard
stream_socket_accept($socket, ?float $timeout = null, &$peer_name = null): none 1 standard
stream_socket_recvfrom($socket, int $length, int $flags = 0, &$address = null): string|false 2 standard
stream_socket_sendto($socket, string $data, int $flags = 0, string $address = ""): int|false 2 standard
stream_socket_get_name($socket, bool $remote): string|false 2 standard
stream_socket_shutdown($stream, int $mode): bool 2 standard
stream_socket_pair(int $domain, int $type, int $protocol): array|false 3 standard
