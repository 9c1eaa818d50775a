--TEST--
ftp://: folders, names, times and sizes
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
$name = serve('epsv', 6);
var_dump(scandir("ftp://$name/dir"));
var_dump(filesize("ftp://$name/file.txt"), gmdate('c', filemtime("ftp://$name/file.txt")), is_dir("ftp://$name/file.txt"));
var_dump(unlink("ftp://$name/file.txt"), rename("ftp://$name/a", "ftp://$name/b"), mkdir("ftp://$name/dir"), rmdir("ftp://$name/dir"));
asked();
--EXPECT--
array(2) {
  [0]=>
  string(3) "one"
  [1]=>
  string(3) "two"
}
int(12)
string(25) "2020-01-02T03:04:05+00:00"
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
USER anonymous
PASS anonymous
TYPE A
NLST /dir
USER anonymous
PASS anonymous
CWD /file.txt
TYPE I
SIZE /file.txt
MDTM /file.txt
USER anonymous
PASS anonymous
DELE /file.txt
USER anonymous
PASS anonymous
RNFR /a
RNTO /b
USER anonymous
PASS anonymous
MKD /dir
USER anonymous
PASS anonymous
RMD /dir
