--TEST--
stream_select: forked workers wait on one listener, each connection goes to one of them
--EXTENSIONS--
pcntl
--FILE--
<?php
$listener = stream_socket_server('tcp://127.0.0.1:0');
$name = stream_socket_get_name($listener, false);
stream_set_blocking($listener, false);
for ($i = 0; $i < 3; $i++) {
    if ($pid = pcntl_fork()) {
        $pids[] = $pid;
        continue;
    }
    for (;;) {
        $read = [$listener];
        $write = $except = null;
        if (!stream_select($read, $write, $except, 5)) exit(1);
        if (!$conn = @stream_socket_accept($listener, 0)) continue;
        $line = fgets($conn);
        fwrite($conn, strtoupper($line));
        fclose($conn);
        if ($line === "end\n") exit(0);
    }
}
$said = [];
for ($i = 0; $i < 20; $i++) {
    $client = stream_socket_client("tcp://$name");
    fwrite($client, "line $i\n");
    $said[] = stream_get_contents($client);
}
echo implode($said);
$status = [];
foreach ($pids as $pid) {
    $client = stream_socket_client("tcp://$name");
    fwrite($client, "end\n");
    echo stream_get_contents($client);
}
foreach ($pids as $pid) {
    pcntl_waitpid($pid, $status);
    echo pcntl_wexitstatus($status), "\n";
}
--EXPECT--
LINE 0
LINE 1
LINE 2
LINE 3
LINE 4
LINE 5
LINE 6
LINE 7
LINE 8
LINE 9
LINE 10
LINE 11
LINE 12
LINE 13
LINE 14
LINE 15
LINE 16
LINE 17
LINE 18
LINE 19
END
END
END
0
0
0
