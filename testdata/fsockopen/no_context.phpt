--TEST--
fsockopen: takes no notice of the default context, stream_socket_client() does
--FILE--
<?php
stream_context_set_default(['socket' => ['bindto' => '127.0.0.9:0']]);
$server = stream_socket_server('tcp://127.0.0.1:0');
[$host, $port] = explode(':', stream_socket_get_name($server, false));
$local = fn($stream) => explode(':', stream_socket_get_name($stream, false))[0];
var_dump($local(fsockopen($host, (int) $port)));
var_dump($local($p = pfsockopen($host, (int) $port)));
var_dump($local(stream_socket_client("tcp://$host:$port")));
fclose($p);
stream_context_set_default(['socket' => ['bindto' => '0:0']]);
--EXPECT--
string(9) "127.0.0.1"
string(9) "127.0.0.1"
string(9) "127.0.0.9"
