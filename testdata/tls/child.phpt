--TEST--
TLS: parent and child of a fork go on with a session that was there before
--EXTENSIONS--
openssl
pcntl
--SKIPIF--
<?php
if (getenv('PHPSOCK_ORACLE')) die('skip the goodbye of the one process that closes ends the session of both');
--FILE--
<?php
require './tls.inc';
$file = identity();
[$c, $a] = pair(['cafile' => $file, 'peer_name' => 'localhost'], ['local_cert' => $file]);
echo json_encode(shake($c, $a)), "\n";
fwrite($a, "one\ntwo\n");
echo fgets($c); // and PHP has the next line in its buffer, in both processes
$names = [stream_socket_get_name($a, true), stream_socket_get_name($a, false)];
if (!($child = pcntl_fork())) {
    fclose($c);
    fwrite($a, "from the child\n");
    echo fgets($a);
    echo json_encode($names === [stream_socket_get_name($a, true), stream_socket_get_name($a, false)]), ' ',
        stream_get_meta_data($a)['crypto']['protocol'], "\n";
    exit(0);
}
fclose($a); // as a server does that forks for every client
echo fgets($c), fgets($c);
fwrite($c, "from the parent\n");
pcntl_waitpid($child, $status);
echo json_encode([pcntl_wexitstatus($status), fgets($c), feof($c)]), "\n";
--EXPECT--
[true,true]
one
two
from the child
from the parent
true TLSv1.3
[0,false,true]
--CLEAN--
<?php
require './tls.inc';
tidy();
