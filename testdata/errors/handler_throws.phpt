--TEST--
An error handler that throws from a warning: the by-ref variables are set, nothing is returned
--FILE--
<?php
set_error_handler(function ($level, $text) { throw new ErrorException($text, $level); });
$result = 'old';
try { $result = stream_socket_server('nowhere', $code, $message); } catch (ErrorException $e) { echo $e->getMessage(), "\n"; }
var_dump($result, $code, $message);
try { $result = stream_socket_client('unix:///no/such.sock', $code, $message); } catch (ErrorException $e) { echo $e->getMessage(), "\n"; }
var_dump($result, $code, $message);
$server = stream_socket_server('tcp://127.0.0.1:0');
$from = 'old';
try { $result = stream_socket_accept($server, 0, $from); } catch (ErrorException $e) { echo $e->getMessage(), "\n"; }
var_dump($result, $from);
try { $result = stream_socket_sendto($server, 'x', 0, 'nowhere'); } catch (ErrorException $e) { echo $e->getMessage(), "\n"; }
try { $result = stream_socket_pair(99, 1, 0); } catch (ErrorException $e) { echo $e->getMessage(), "\n"; }
try { $result = fwrite($server, 'x'); } catch (ErrorException $e) { echo $e->getMessage(), "\n"; }
var_dump($result);
--EXPECT--
stream_socket_server(): Unable to connect to nowhere (Failed to parse address "nowhere")
string(3) "old"
int(0)
string(33) "Failed to parse address "nowhere""
stream_socket_client(): Unable to connect to unix:///no/such.sock (No such file or directory)
string(3) "old"
int(2)
string(25) "No such file or directory"
stream_socket_accept(): Accept failed: Connection timed out
string(3) "old"
string(3) "old"
stream_socket_sendto(): Failed to parse `nowhere' into a valid network address
stream_socket_pair(): Failed to create sockets: [97]: Address family not supported by protocol
fwrite(): Send of 1 bytes failed with errno=32 Broken pipe
string(3) "old"
