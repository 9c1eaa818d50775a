--TEST--
An error handler that exits in mid-call ends the script, with its sockets
--FILE--
<?php
function bye() { echo "shutdown\n"; }
register_shutdown_function('bye');
set_error_handler(function ($level, $text) { echo "$text\n"; exit(3); });
$server = stream_socket_server('tcp://127.0.0.1:0');
try {
    stream_socket_accept($server, 0);
} finally {
    echo "not reached\n";
}
echo "not reached either\n";
--EXPECT--
stream_socket_accept(): Accept failed: Connection timed out
shutdown
