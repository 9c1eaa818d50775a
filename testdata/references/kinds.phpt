--TEST--
By-ref arguments: undefined variables, array elements, properties, static variables and references
--FILE--
<?php
class Holder { public $code; public static $message; public $list = []; }
$holder = new Holder;
stream_socket_server('nowhere', $new, $array['deep']['er']) || print("$new {$array['deep']['er']}\n");
stream_socket_server('nowhere', $holder->code, Holder::$message) || print($holder->code . ' ' . Holder::$message . "\n");
stream_socket_server('nowhere', $holder->list[], $holder->list['message']) || var_dump($holder);
$one = 1;
$alias = &$one;
stream_socket_server('nowhere', $one, $one) || var_dump($alias);
function inside() {
    static $code = 'static';
    global $message;
    @stream_socket_client('nowhere', $code, $message);
    var_dump($code);
}
inside();
var_dump($message);
$string = 'abc';
try { stream_socket_server('nowhere', $string[0]); } catch (Error $e) { echo $e->getMessage(), "\n"; }
--EXPECTF--
Warning: stream_socket_server(): Unable to connect to nowhere (Failed to parse address "nowhere") in %s on line %d
0 Failed to parse address "nowhere"

Warning: stream_socket_server(): Unable to connect to nowhere (Failed to parse address "nowhere") in %s on line %d
0 Failed to parse address "nowhere"

Warning: stream_socket_server(): Unable to connect to nowhere (Failed to parse address "nowhere") in %s on line %d
object(Holder)#1 (2) {
  ["code"]=>
  int(0)
  ["list"]=>
  array(2) {
    [0]=>
    int(0)
    ["message"]=>
    string(33) "Failed to parse address "nowhere""
  }
}

Warning: stream_socket_server(): Unable to connect to nowhere (Failed to parse address "nowhere") in %s on line %d
string(33) "Failed to parse address "nowhere""
int(0)
string(33) "Failed to parse address "nowhere""
Cannot create references to/from string offsets
