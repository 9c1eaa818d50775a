--TEST--
By-ref arguments that are typed properties under strict_types
--FILE--
<?php
declare(strict_types=1);
class Typed { public string $string = 'old'; public int $int = 5; }
$typed = new Typed;
try { stream_socket_server('tcp://127.0.0.1:0', $typed->string); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
try { stream_socket_server('tcp://127.0.0.1:0', $code, $typed->int); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
var_dump($typed, $code);
--EXPECT--
Cannot assign int to reference held by property Typed::$string of type string
Cannot assign string to reference held by property Typed::$int of type int
object(Typed)#1 (2) {
  ["string"]=>
  string(3) "old"
  ["int"]=>
  int(5)
}
int(0)
