--TEST--
stream_select: no streams, bad times and members that are no streams
--FILE--
<?php
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$closed = fopen('php://memory', 'r');
fclose($closed);
$none = stream_socket_client('tcp://127.0.0.1:1', $code, $message, 1, 0);
foreach ([
    [null, 0, 0], [[], 0, 0], [[$none], 0, 0], [[$b], -1, 0], [[$b], 0, -1], [[$b], null, 5], [[$b], null, -5],
    [[$closed], 0, 0], [[$b, $closed], 0, 0], [['x'], 0, 0], [[$b, 1], 0, 0], [[stream_context_create()], 0, 0],
] as [$read, $seconds, $microseconds]) {
    $write = $except = null;
    try {
        var_dump(stream_select($read, $write, $except, $seconds, $microseconds));
    } catch (Error $e) {
        echo get_class($e), ': ', $e->getMessage(), "\n";
        // the lack of streams comes on top of why a member is none
        if ($e instanceof ValueError && $e->getPrevious()) echo '  ', get_class($e->getPrevious()), ': ', $e->getPrevious()->getMessage(), "\n";
    }
}
$memory = [fopen('php://memory', 'r'), $b];
var_dump(stream_select($memory, $write, $except, 0), $memory);
--EXPECTF--
ValueError: No stream arrays were passed
ValueError: No stream arrays were passed
ValueError: No stream arrays were passed
ValueError: stream_select(): Argument #4 ($seconds) must be greater than or equal to 0
ValueError: stream_select(): Argument #5 ($microseconds) must be greater than or equal to 0
ValueError: stream_select(): Argument #5 ($microseconds) must be null when argument #4 ($seconds) is null
ValueError: stream_select(): Argument #5 ($microseconds) must be null when argument #4 ($seconds) is null
ValueError: No stream arrays were passed
  TypeError: stream_select(): supplied resource is not a valid stream resource
TypeError: stream_select(): supplied resource is not a valid stream resource
ValueError: No stream arrays were passed
  TypeError: stream_select(): supplied argument is not a valid stream resource
TypeError: stream_select(): supplied argument is not a valid stream resource
ValueError: No stream arrays were passed
  TypeError: stream_select(): supplied resource is not a valid stream resource

Warning: stream_select(): Cannot represent a stream of type MEMORY as a select()able descriptor in %s on line %d

Warning: stream_select(): Cannot represent a stream of type MEMORY as a select()able descriptor in %s on line %d
int(0)
array(0) {
}
