--TEST--
stream_socket_server: too few and too many arguments, and types that do not fit
--FILE--
<?php
try { stream_socket_server(); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
try { stream_socket_server('tcp://127.0.0.1:0', $a, $b, 12, null, 6); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
try { stream_socket_server([]); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
try { stream_socket_server('tcp://127.0.0.1:0', $a, $b, 'x'); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
try { stream_socket_server('tcp://127.0.0.1:0', $a, $b, 12, 'x'); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
try { stream_socket_server('tcp://127.0.0.1:0', $a, $b, 12, STDIN); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
try { stream_socket_server(adress: 'x'); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; }
var_dump(is_resource(stream_socket_server('tcp://127.0.0.1:0', $a, $b, '12')));
var_dump(is_resource(stream_socket_server('tcp://127.0.0.1:0', $a, $b, 12.0)));
var_dump(stream_socket_server(null));
--EXPECTF--
ArgumentCountError: stream_socket_server() expects at least 1 argument, 0 given
ArgumentCountError: stream_socket_server() expects at most 5 arguments, 6 given
TypeError: stream_socket_server(): Argument #1 ($address) must be of type string, array given
TypeError: stream_socket_server(): Argument #4 ($flags) must be of type int, string given
TypeError: stream_socket_server(): Argument #5 ($context) must be of type resource or null, string given
TypeError: stream_socket_server(): supplied resource is not a valid Stream-Context resource
Error: Unknown named parameter $adress
bool(true)
bool(true)

Deprecated: stream_socket_server(): Passing null to parameter #1 ($address) of type string is deprecated in %s on line %d

Warning: stream_socket_server(): Unable to connect to  (Failed to parse address "") in %s on line %d
bool(false)
