--TEST--
ftp://: reads a file over EPSV or PASV, control and data connection
--INI--
allow_url_fopen=1
--SKIPIF--
<?php
if (!function_exists('proc_open')) die('skip needs proc_open()');
--FILE--
<?php
$code = <<<'CODE'
// as much of an ftp server as the wrapper needs
$socket = stream_socket_server('tcp://127.0.0.1:0');
echo stream_socket_get_name($socket, false), "\n";
$epsv = $argv[1] === 'epsv';
for ($sessions = (int) $argv[2]; $sessions > 0; $sessions--) {
    $conn = stream_socket_accept($socket, 5);
    $data = null;
    $say = fn($line) => fwrite($conn, "$line\r\n");
    $say('220-hello');
    $say('220 ready');
    while (($line = fgets($conn)) !== false) {
        [$verb, $argument] = explode(' ', trim($line), 2) + [1 => ''];
        if (!in_array($verb, ['EPSV', 'PASV'])) echo trim($line), "\n";
        switch ($verb) {
            case 'USER': $say('331 password'); break;
            case 'PASS': $say($argument === 'wrong' ? '530 no' : '230 in'); break;
            case 'TYPE': $say('200 type'); break;
            case 'CWD': $say('550 no folder'); break;
            case 'SIZE': $say(str_contains($argument, 'missing') ? '550 none' : '213 12'); break;
            case 'MDTM': $say('213 20200102030405'); break;
            case 'REST': $say('350 from there'); break;
            case 'EPSV':
                if (!$epsv) { $say('500 what?'); break; }
                $data = stream_socket_server('tcp://127.0.0.1:0');
                $say('229 passive (|||' . explode(':', stream_socket_get_name($data, false))[1] . '|)');
                break;
            case 'PASV':
                $data = stream_socket_server('tcp://127.0.0.1:0');
                $port = (int) explode(':', stream_socket_get_name($data, false))[1];
                $say('227 passive (127,0,0,1,' . intdiv($port, 256) . ',' . $port % 256 . ')');
                break;
            case 'RETR': case 'NLST':
                if (str_contains($argument, 'missing')) { $say('550 no such file'); break; }
                $say('150 here it comes');
                $to = stream_socket_accept($data, 5);
                fwrite($to, $verb === 'RETR' ? "hello world\n" : "one\r\ntwo\r\n");
                fclose($to);
                $say('226 done');
                break;
            case 'STOR': case 'APPE':
                $say('150 go on');
                $from = stream_socket_accept($data, 5);
                echo '> ', stream_get_contents($from), "\n";
                fclose($from);
                $say('226 stored');
                break;
            case 'RNFR': $say('350 to?'); break;
            case 'DELE': case 'RMD': case 'RNTO': $say('250 done'); break;
            case 'MKD': $say('257 made'); break;
            case 'QUIT': $say('221 bye'); break 2;
            default: $say('502 what?');
        }
    }
    fclose($conn);
}
CODE;
function serve(string $mode, int $sessions): string {
    global $code, $server, $pipes;
    $server = proc_open([PHP_BINARY, '-n', '-r', $code, '--', $mode, (string) $sessions], [1 => ['pipe', 'w']], $pipes);
    return trim(fgets($pipes[1]));
}
function asked(): void {
    global $server, $pipes;
    echo stream_get_contents($pipes[1]);
    proc_close($server);
}
foreach (['epsv', 'pasv'] as $mode) {
    $name = serve($mode, 2);
    var_dump(file_get_contents("ftp://$name/file.txt"));
    $stream = fopen("ftp://me:secret@$name/dir/file.txt;type=a", 'r');
    var_dump(stream_get_meta_data($stream)['wrapper_type'], stream_get_meta_data($stream)['mode'], fgets($stream), fgets($stream), feof($stream));
    fclose($stream);
    asked();
}
--EXPECT--
string(12) "hello world
"
string(3) "ftp"
string(2) "r+"
string(12) "hello world
"
bool(false)
bool(true)
USER anonymous
PASS anonymous
TYPE I
SIZE /file.txt
RETR /file.txt
QUIT
USER me
PASS secret
TYPE I
SIZE /dir/file.txt;type=a
RETR /dir/file.txt;type=a
QUIT
string(12) "hello world
"
string(3) "ftp"
string(2) "r+"
string(12) "hello world
"
bool(false)
bool(true)
USER anonymous
PASS anonymous
TYPE I
SIZE /file.txt
RETR /file.txt
QUIT
USER me
PASS secret
TYPE I
SIZE /dir/file.txt;type=a
RETR /dir/file.txt;type=a
QUIT
