--TEST--
By-ref arguments that are typed properties: what fits is converted, what does not is a TypeError
--FILE--
<?php
class Typed { public int $int = 5; public ?string $string = 'old'; public ?int $nullable = 5; public float $float = 1.5; public array $array = []; }
$typed = new Typed;
$listener = stream_socket_server('tcp://127.0.0.1:0', $typed->int, $typed->string);
var_dump($typed->int, $typed->string);
try { stream_socket_server('tcp://127.0.0.1:0', $typed->float, $typed->int); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
var_dump($typed->float, $typed->int);
try { stream_socket_server('tcp://127.0.0.1:0', $typed->array); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
try { @stream_socket_client('nowhere', $typed->string, $typed->array); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
var_dump($typed->string);
$client = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
try { stream_socket_accept($listener, 1, $typed->int); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
$peer = stream_socket_client('tcp://' . stream_socket_get_name($listener, false));
var_dump(is_resource(stream_socket_accept($listener, 1, $typed->string)), $typed->string === stream_socket_get_name($peer, false));
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($a, 'x');
try { stream_socket_recvfrom($b, 1, 0, $typed->int); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
unset($typed->string);
var_dump($typed);
--EXPECT--
int(0)
string(0) ""
Cannot assign string to reference held by property Typed::$int of type int
float(0)
int(0)
Cannot assign int to reference held by property Typed::$array of type array
Cannot assign string to reference held by property Typed::$array of type array
string(1) "0"
Cannot assign string to reference held by property Typed::$int of type int
bool(true)
bool(true)
Cannot assign string to reference held by property Typed::$int of type int
object(Typed)#1 (4) {
  ["int"]=>
  int(0)
  ["string"]=>
  uninitialized(?string)
  ["nullable"]=>
  int(5)
  ["float"]=>
  float(0)
  ["array"]=>
  array(0) {
  }
}
