--TEST--
stream_select: a child of pcntl_fork() and its parent wait on the same streams
--EXTENSIONS--
pcntl
--FILE--
<?php
function ready($read, $write = null, $except = null, $time = 0.02) {
    $n = stream_select($read, $write, $except, 0, (int) ($time * 1e6));
    return json_encode([$n, $read === null ? null : array_keys($read), $write === null ? null : array_keys($write), $except === null ? null : array_keys($except)]);
}
[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
[$c, $d] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
[$up, $down] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
echo 'before ', ready(['b' => $b, 'd' => $d]), "\n";
$pid = pcntl_fork();
if (!$pid) {
    // what the child opens and closes is not the parent's business
    fwrite($up, 'child ' . ready(['b' => $b, 'd' => $d]) . "\n");
    fclose($d);
    $own = stream_socket_server('tcp://127.0.0.1:0');
    fwrite($up, 'child ' . ready(['own' => $own, 'b' => $b]) . "\n");
    $client = stream_socket_client('tcp://' . stream_socket_get_name($own, false));
    fwrite($up, 'child ' . ready(['own' => $own, 'b' => $b], null, null, 0.9) . "\n");
    fclose($own);
    fclose($b);
    fwrite($up, "child closed\n");
    fgets($up);
    exit;
}
for ($i = 0; $i < 4; $i++) echo fgets($down);
fwrite($c, 'x');
echo 'parent ', ready(['b' => $b, 'd' => $d]), "\n";
fwrite($a, 'y');
echo 'parent ', ready(['b' => $b, 'd' => $d]), "\n";
fread($d, 1);
fread($b, 1);
fclose($b);
echo 'parent ', ready(['d' => $d]), "\n";
fwrite($down, "end\n");
pcntl_waitpid($pid, $status);
echo 'parent ', ready(['d' => $d, 'down' => $down]), $status, "\n";
--EXPECT--
before [0,[],null,null]
child [0,[],null,null]
child [0,[],null,null]
child [1,["own"],null,null]
child closed
parent [1,["d"],null,null]
parent [2,["b","d"],null,null]
parent [0,[],null,null]
parent [0,[],null,null]0
