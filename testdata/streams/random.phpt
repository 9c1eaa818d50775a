--TEST--
Socket streams of every kind: fifteen hundred steps of reading, writing and asking, the same ones on every PHP
--FILE--
<?php
mt_srand((int) (getenv('PHPSOCK_SEED') ?: 1));
$path = sys_get_temp_dir() . '/phpsock-streams-random-' . getmypid();
$tcp = stream_socket_server('tcp://127.0.0.1:0');
$unix = stream_socket_server("unix://$path");
$name = stream_socket_get_name($tcp, false);
$streams = $log = [];
$said = null;
set_error_handler(function ($level, $text) use (&$said) { $said[] = preg_replace('/\d{5,}/', 'N', $text); return true; });
// out-of-band data of unix sockets depends on the kernel
function tcp($stream): bool {
    return str_starts_with(stream_get_meta_data($stream)['stream_type'], 'tcp');
}
function add(...$new) {
    global $streams;
    foreach ($new as $stream) {
        stream_set_blocking($stream, false);
        for ($i = 0; isset($streams[$i]); $i++);
        $streams[$i] = $stream;
    }
}
for ($step = 0; $step < 1500; $step++) {
    $said = [];
    $i = $streams ? array_rand($streams) : null;
    $what = count($streams) < 4 ? mt_rand(0, 4) : mt_rand(0, 22);
    if (count($streams) > 14 && $what < 5) $what = 5;
    $s = $streams[$i] ?? null;
    $data = str_repeat(['a', "b\n", 'cd'][mt_rand(0, 2)], mt_rand(0, 9));
    try {
        $result = match ($what) {
            0 => add(...stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0)),
            1 => add(...stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_DGRAM, 0)),
            2 => add(fsockopen("tcp://$name"), stream_socket_accept($tcp, 1)),
            3 => add(stream_socket_client("unix://$path"), @stream_socket_accept($unix, 1)),
            4 => add($u = stream_socket_server('udp://127.0.0.1:0', $c, $m, STREAM_SERVER_BIND), stream_socket_client('udp://' . stream_socket_get_name($u, false))),
            5 => [fclose($s), array_splice($streams, array_search($i, array_keys($streams)), 1) ? 1 : 0],
            6, 7, 8 => fwrite($s, $data),
            9 => stream_socket_sendto($s, $data),
            10 => stream_socket_sendto($s, $data, tcp($s) ? STREAM_OOB : 0),
            11, 12 => fread($s, mt_rand(1, 12)),
            13 => fgets($s, mt_rand(0, 1) ? null : 5),
            14 => stream_get_line($s, 10, "\n"),
            15 => stream_socket_recvfrom($s, mt_rand(1, 12), [0, STREAM_PEEK, tcp($s) ? STREAM_OOB : STREAM_PEEK][mt_rand(0, 2)]),
            16 => feof($s),
            17 => array_intersect_key(stream_get_meta_data($s), ['timed_out' => 1, 'blocked' => 1, 'eof' => 1, 'stream_type' => 1, 'unread_bytes' => 1]),
            18 => mt_rand(0, 3) ? null : stream_socket_shutdown($s, mt_rand(0, 2)),
            19 => [stream_socket_get_name($s, true) !== false, stream_socket_get_name($s, false) !== false],
            20 => stream_set_chunk_size($s, mt_rand(1, 20)),
            21 => fgetc($s),
            22 => mt_rand(0, 3) ? null : stream_get_contents($s, mt_rand(1, 30)),
        };
    } catch (Error $e) {
        $result = $e->getMessage();
    }
    $log[] = json_encode([$step, $what, $i, $result, $said]);
}
echo implode("\n", array_slice($log, 0, 60)), "\n", md5(implode("\n", $log)), "\n";
if (getenv('PHPSOCK_LOG')) file_put_contents(getenv('PHPSOCK_LOG'), implode("\n", $log));
unlink($path);
--CLEAN--
<?php
// what a run that has ended left behind
foreach (glob(sys_get_temp_dir() . '/phpsock-streams-random-*') as $file) {
    if (preg_match('/-(\d+)/', basename($file), $m) && !file_exists("/proc/$m[1]")) unlink($file);
}
--EXPECTF--
[0,0,null,null,[]]
[1,3,0,null,[]]
[2,2,1,null,[]]
[3,1,3,null,[]]
[4,21,4,false,[]]
[5,21,4,false,[]]
[6,11,4,"",[]]
[7,10,5,12,[]]
[8,9,7,6,[]]
[9,10,7,0,[]]
[10,13,5,false,[]]
[11,1,5,null,[]]
[12,10,4,8,[]]
[13,21,0,false,[]]
[14,0,4,null,[]]
[15,3,7,null,[]]
[16,9,9,4,[]]
[17,11,8,"cdc",[]]
[18,14,10,false,[]]
[19,3,5,null,[]]
[20,5,4,[true,1],[]]
[21,5,4,[true,1],[]]
[22,20,8,8192,[]]
[23,3,0,null,[]]
[24,10,11,6,[]]
[25,12,6,"d",[]]
[26,20,7,8192,[]]
[27,8,7,0,[]]
[28,22,14,null,[]]
[29,7,7,18,[]]
[30,5,3,[true,1],[]]
[31,18,9,null,[]]
[32,16,8,false,[]]
[33,5,9,[true,1],[]]
[34,5,13,[true,1],[]]
[35,16,10,false,[]]
[36,14,0,false,[]]
[37,13,9,false,[]]
[38,11,2,"",[]]
[39,6,4,12,[]]
[40,22,3,"b\nb\nb\n",[]]
[41,3,12,null,[]]
[42,11,9,"",[]]
[43,5,13,[true,1],[]]
[44,2,8,null,[]]
[45,8,7,8,[]]
[46,21,15,false,[]]
[47,12,4,"",[]]
[48,9,13,-1,["stream_socket_sendto(): Broken pipe\n"]]
[49,19,5,[false,false],[]]
[50,8,7,6,[]]
[51,22,5,null,[]]
[52,18,9,true,[]]
[53,5,11,[true,1],[]]
[54,22,10,null,[]]
[55,17,1,{"timed_out":false,"blocked":false,"eof":false,"stream_type":"generic_socket","unread_bytes":0},[]]
[56,16,12,true,[]]
[57,5,12,[true,1],[]]
[58,13,1,false,[]]
[59,21,1,false,[]]
%x
