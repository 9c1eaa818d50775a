package bridge_test

// tlsStreamCalls are what scripts do with streams that speak TLS. The peers echo.
var tlsStreamCalls = []tlsOption{
	{"stream, meta data", `$c = client(['ciphers' => 'ECDHE-ECDSA-AES128-GCM-SHA256', 'crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]); var_dump(stream_get_meta_data($c), get_resource_type($c), stream_is_local($c), stream_supports_lock($c), stream_isatty($c));`},
	{"stream, meta data of a server", `[$s] = serve(['max_proto_version' => STREAM_CRYPTO_PROTO_TLSv1_2, 'ciphers' => 'ECDHE-ECDSA-AES128-GCM-SHA256', 'alpn_protocols' => 'h2']); var_dump(stream_get_meta_data($s));`},
	{"stream, meta data of bytes", `$c = client(); fwrite($c, "one\ntwo\n"); var_dump(fgets($c), stream_get_meta_data($c)['unread_bytes'], stream_get_meta_data($c)['eof']);`},
	{"stream, timed_out", `$c = client(); stream_set_timeout($c, 0, 50_000); var_dump(fread($c, 1), stream_get_meta_data($c)['timed_out'], feof($c)); fwrite($c, 'x'); usleep(100000); var_dump(fread($c, 1), stream_get_meta_data($c)['timed_out']); stream_set_timeout($c, 1); var_dump(stream_get_meta_data($c)['timed_out']);`},
	{"stream, timed_out of fgets", `$c = client(); stream_set_timeout($c, 0, 50_000); fwrite($c, 'half'); usleep(50000); var_dump(fgets($c), stream_get_meta_data($c)['timed_out'], stream_get_meta_data($c)['unread_bytes']); fwrite($c, "line\n"); usleep(50000); var_dump(fgets($c));`},
	{"stream, time limits", `$c = client(); foreach ([[0, 0], [-1, 0], [0, -1], [1, 2_000_000], [PHP_INT_MAX, 0]] as $limit) { try { var_dump(stream_set_timeout($c, ...$limit)); } catch (Throwable $e) { echo get_class($e), $e->getMessage(), "\n"; } fwrite($c, 'x'); var_dump(fread($c, 1)); }`},
	{"stream, default time limit", "#ini default_socket_timeout=1\n" + `$c = client(); var_dump(fread($c, 1), stream_get_meta_data($c)['timed_out']);`},
	{"stream, not blocking", `$c = client(); var_dump(stream_get_meta_data($c)['blocked'], stream_set_blocking($c, false), stream_get_meta_data($c)['blocked'], fread($c, 1), feof($c), fgets($c), stream_get_contents($c), fgetc($c), stream_get_line($c, 10));`},
	{"stream, blocked after handshakes", `foreach ([true, false] as $blocks) { $c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context()); stream_set_blocking($c, $blocks);
		while (($done = stream_socket_enable_crypto($c, true, CLIENT)) === 0) usleep(1000); var_dump($done, stream_get_meta_data($c)['blocked']); }
		foreach (['cafile' => "$f/stranger.crt", 'peer_name' => 'x', 'local_cert' => 'x'] as $name => $value) { $c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context([$name => $value])); var_dump(@stream_socket_enable_crypto($c, true, CLIENT), stream_get_meta_data($c)['blocked']); }
		$l = stream_socket_server('ssl://127.0.0.1:0', $no, $text, 12, server_context()); stream_set_blocking($l, false); var_dump(@stream_socket_accept($l, 0));`},
	{"stream, peer ends", tlsEnds(`fclose($s); var_dump(feof($c), fread($c, 10), feof($c), fread($c, 10), fgets($c), stream_get_contents($c), fwrite($c, 'x'), fwrite($c, 'x'), stream_get_meta_data($c)['eof']);`)},
	{"stream, peer ends after data", tlsEnds(`fwrite($s, "last\nwords"); fclose($s); usleep(50000); var_dump(feof($c), fgets($c), feof($c), fgets($c), feof($c), fgets($c));`)},
	{"stream, peer ends, not blocking", tlsEnds(`stream_set_blocking($c, false); fclose($s); usleep(50000); var_dump(feof($c), fread($c, 10), feof($c));`)},
	{"stream, shut down, writing", tlsEnds(`var_dump(stream_socket_shutdown($c, STREAM_SHUT_WR)); usleep(50000); var_dump(fread($s, 10), feof($s), fwrite($s, 'late')); stream_set_timeout($c, 1); var_dump(fread($c, 10), fwrite($c, 'x'), fclose($c));`)},
	{"stream, shut down, reading", tlsEnds(`var_dump(stream_socket_shutdown($c, STREAM_SHUT_RD)); usleep(50000); var_dump(fread($c, 10), feof($c), fwrite($c, 'x'), fread($s, 10));`)},
	{"stream, shut down, both", tlsEnds(`var_dump(stream_socket_shutdown($c, STREAM_SHUT_RDWR)); usleep(50000); var_dump(fread($c, 10), feof($c), fread($s, 10), feof($s)); var_dump(stream_socket_shutdown($c, STREAM_SHUT_RDWR));`)},
	{"stream, shut down, writes after", tlsEnds(`stream_socket_shutdown($c, STREAM_SHUT_WR); set_error_handler(function ($level, $text) { echo "$text\n"; }); var_dump(fwrite($c, 'x'), fwrite($c, 'x'), fread($s, 10));`)},
	{"stream, shut down, plain", tlsEnds(`var_dump(stream_socket_enable_crypto($c, false)); usleep(50000); var_dump(fread($s, 10), feof($s)); fwrite($s, 'x'); var_dump(fread($c, 100) !== 'x');`)},
	{"stream, off on both ends", tlsEnds(`foreach ([$c, $s] as $end) { var_dump(stream_socket_enable_crypto($end, false)); } stream_set_timeout($s, 1); fwrite($c, "plain\n"); var_dump(substr(bin2hex(fread($s, 100)), -12));`)},
	{"stream, get_line", `$c = client(); fwrite($c, "a||b||c"); usleep(50000); stream_set_timeout($c, 0, 50_000); var_dump(stream_get_line($c, 100, '||'), stream_get_line($c, 100, '||'), stream_get_line($c, 100, '||'));`},
	{"stream, copied", tlsEnds(`fwrite($s, str_repeat('x', 50000)); fclose($s); $to = fopen('php://memory', 'r+'); var_dump(stream_copy_to_stream($c, $to)); $ends = null;`)},
	{"stream, copied, part", tlsEnds(`fwrite($s, str_repeat('x', 5000)); $to = fopen('php://memory', 'r+'); var_dump(stream_copy_to_stream($c, $to, 3000), strlen(fread($c, 2000)));`)},
	{"stream, copied into", tlsEnds(`$from = fopen('php://memory', 'r+'); fwrite($from, str_repeat('x', 50000)); rewind($from); var_dump(stream_copy_to_stream($from, $c)); fclose($c); var_dump(strlen(stream_get_contents($s)));`)},
	{"stream, copied from a file", tlsEnds(`var_dump(stream_copy_to_stream(fopen("$f/root.crt", 'r'), $c) === filesize("$f/root.crt")); fclose($c); var_dump(stream_get_contents($s) === file_get_contents("$f/root.crt"));`)},
	{"stream, large", tlsEnds(`stream_set_blocking($c, false); stream_set_blocking($s, false); $all = str_repeat('0123456789', 100000); $got = ''; for ($at = 0, $end = microtime(true) + 10; strlen($got) < strlen($all) && microtime(true) < $end;) { $at += (int) fwrite($c, substr($all, $at)); $got .= fread($s, 100000); } var_dump($got === $all);`)},
	{"stream, sizes", tlsEnds(`foreach ([0, 1, 8191, 8192, 8193, 16384, 16385, 40000] as $n) { var_dump(fwrite($c, str_repeat('x', $n)), strlen(stream_get_contents($s, $n))); } fwrite($c, str_repeat('x', 20000)); usleep(50000); var_dump(strlen(fread($s, 100000)), strlen(fread($s, 100000)));`)},
	{"stream, sizes without buffers", tlsEnds(`var_dump(stream_set_read_buffer($s, 0), stream_set_write_buffer($c, 0), stream_set_chunk_size($s, 100)); fwrite($c, str_repeat('x', 20000)); usleep(50000); var_dump(strlen(fread($s, 100)), strlen(fread($s, 10000)), strlen(fread($s, 100000)));`)},
	{"stream, filters", tlsEnds(`stream_filter_append($c, 'string.rot13', STREAM_FILTER_WRITE); stream_filter_append($s, 'string.toupper', STREAM_FILTER_READ); fwrite($c, "hello\n"); var_dump(fgets($s)); fwrite($s, "back\n"); var_dump(fgets($c));`)},
	{"stream, filter of zlib", tlsEnds(`$deflate = stream_filter_append($c, 'zlib.deflate', STREAM_FILTER_WRITE); stream_filter_append($s, 'zlib.inflate', STREAM_FILTER_READ); fwrite($c, str_repeat('hello', 1000)); stream_filter_remove($deflate); fclose($c); var_dump(strlen(stream_get_contents($s)));`)},
	{"stream, filter before TLS", `['server' => $s, 'client' => $c] = $ends = connected(); stream_filter_append($c, 'string.rot13', STREAM_FILTER_READ); print_r(shake($ends, ['server' => SERVER, 'client' => CLIENT], $said)); print_r($said); fwrite($s, "hello\n"); var_dump(heard($c));`},
	{"stream, feof loop", tlsEnds(`fwrite($s, "one\ntwo\nthree"); fclose($s); $n = 0; while (!feof($c) && $n++ < 100) var_dump(fgets($c));`)},
	{"stream, feof in a child's style", tlsEnds(`fwrite($s, 'x'); usleep(50000); var_dump(feof($c), fread($c, 1), feof($c)); stream_set_blocking($c, false); var_dump(feof($c), fread($c, 1), feof($c));`)},
	{"stream, select", tlsEnds(`$r = [$c]; $w = [$c]; $x = null; var_dump(stream_select($r, $w, $x, 0, 100000), count($r), count($w)); fwrite($s, "one\ntwo\n"); usleep(50000); $r = [$c]; $w = $x = null; var_dump(stream_select($r, $w, $x, 1), fgets($c)); $r = [$c]; var_dump(stream_select($r, $w, $x, 0), count($r), fgets($c)); $r = [$c]; var_dump(stream_select($r, $w, $x, 0), count($r));`)},
	{"stream, select and a record in parts", tlsEnds(`fwrite($s, str_repeat('x', 16000)); usleep(50000); stream_set_read_buffer($c, 0); for ($n = 0, $all = 0; $all < 16000 && $n < 10; $n++) { $r = [$c]; $w = $x = null; if (!stream_select($r, $w, $x, 0, 200000)) { echo 'not to be selected'; break; } $all += strlen(fread($c, 5000)); } var_dump($all);`)},
	{"stream, select at the end", tlsEnds(`fclose($s); usleep(50000); $r = [$c]; $w = $x = null; var_dump(stream_select($r, $w, $x, 1), fread($c, 1)); $r = [$c]; var_dump(stream_select($r, $w, $x, 1), feof($c));`)},
	{"stream, sendto and recvfrom", tlsEnds(`var_dump(stream_socket_sendto($c, 'hello')); stream_set_timeout($s, 1); var_dump(fread($s, 10)); fwrite($s, 'back'); usleep(50000); var_dump(strlen(stream_socket_recvfrom($c, 10)));`)},
	{"stream, recvfrom that peeks", tlsEnds(`fwrite($s, 'hello'); usleep(50000); var_dump(bin2hex(substr((string) stream_socket_recvfrom($c, 3, STREAM_PEEK), 0, 3))); var_dump(fread($c, 10));`)},
	{"stream, out of band", tlsEnds(`var_dump(stream_socket_sendto($c, 'x', STREAM_OOB)); fwrite($c, 'y'); var_dump(fread($s, 10));`)},
	{"stream, names", tlsEnds(`var_dump(stream_socket_get_name($c, true) === stream_socket_get_name($s, false), stream_socket_get_name($c, false) === stream_socket_get_name($s, true));`)},
	{"stream, import", "#ini extension=sockets\n" + tlsEnds(`$socket = socket_import_stream($c); var_dump($socket); if ($socket) { socket_getpeername($socket, $address); var_dump($address); } fwrite($c, 'x'); var_dump(fread($s, 10));`)},
	{"stream, fstat and others", `$c = client(); $stat = fstat($c); var_dump(isset($stat['size']), ftell($c), fseek($c, 1), rewind($c), @ftruncate($c, 1), flock($c, LOCK_EX), fflush($c), fsync($c), fpassthru(fopen('php://memory', 'r')), fputs($c, 'x'), fgetc($c), ftell($c));`},
	{"stream, formats", `$c = client(); var_dump(fprintf($c, "%d,%s\n", 7, 'x'), fscanf($c, '%d,%s'), fputcsv($c, ['a', 'b c']), fgetcsv($c)); fwrite($c, 'x'); var_dump(fread($c, 1));`},
	{"stream, persistent", `for ($i = 0; $i < 3; $i++) { $c = stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT, client_context()); fwrite($c, "$i"); var_dump(fread($c, 1), get_resource_type($c)); }`},
	{"stream, pfsockopen", `stream_context_set_default(['ssl' => ['cafile' => "$f/root.crt", 'peer_name' => 'localhost']]); for ($i = 0; $i < 2; $i++) { $c = pfsockopen("ssl://$tls"); fwrite($c, "$i"); var_dump(fread($c, 1)); }`},
	{"stream, asynchronous", `$c = stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT | STREAM_CLIENT_ASYNC_CONNECT, client_context()); var_dump($c); if ($c) { var_dump(stream_get_meta_data($c)['blocked'], isset(stream_get_meta_data($c)['crypto'])); fwrite($c, 'x'); stream_set_timeout($c, 1); var_dump(fread($c, 1)); }`},
	{"stream, notifications", `$c = client(); stream_context_set_params(stream_context_get_default(), []); var_dump(stream_context_set_params($c, ['notification' => function (...$a) { echo implode(' ', array_map('shown', $a)), "\n"; }])); fwrite($c, 'hello'); var_dump(fread($c, 10));`},
	{"stream, cast", `$c = client(); $p = @proc_open(['true'], [$c], $pipes); var_dump($p === false); $p = proc_open(['true'], [1 => $c], $pipes); var_dump($p === false);`},
	{"stream, closed twice", `$c = client(); var_dump(fclose($c)); try { fclose($c); } catch (Throwable $e) { echo $e->getMessage(); } try { fread($c, 1); } catch (Throwable $e) { echo $e->getMessage(); }`},
	{"stream, left to the end", `$c = client(); fwrite($c, 'x'); $d = client(); stream_set_blocking($d, false); $e = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context()); stream_set_blocking($e, false); stream_socket_enable_crypto($e, true, CLIENT);`},
	{"stream, destructor speaks TLS", `class Last { public $c; function __destruct() { fwrite($this->c, 'x'); var_dump(fread($this->c, 1)); both(); } } $last = new Last; $last->c = client();`},
	{"stream, generator", tlsEnds(`$lines = (function () use ($c) { while (($line = fgets($c)) !== false) yield $line; })(); fwrite($s, "a\nb\n"); fclose($s); var_dump(iterator_to_array($lines));`)},
	{"stream, many", `for ($i = 0; $i < 50; $i++) { $all[] = $c = client(); fwrite($c, "$i "); } foreach ($all as $c) echo fread($c, 10);`},
	{"stream, https", `foreach ([[], ['cafile' => "$f/stranger.crt"], ['peer_name' => 'other.test']] as $options) var_dump(@file_get_contents("https://$tls/", false, client_context($options)), error_get_last()['message'] ?? null);`},
	{"stream, ftps", "#ini default_socket_timeout=1\n" + `var_dump(file_get_contents("ftps://$tls/x", false, client_context()));`},
}

// tlsEnds has a client $c and a server $s of one connection, which block.
func tlsEnds(code string) string {
	return `['server' => $s, 'client' => $c] = $ends = connected(); shake($ends, ['server' => SERVER, 'client' => CLIENT], $said);
		unset($ends); foreach ([$s, $c] as $end) { stream_set_blocking($end, true); stream_set_timeout($end, 2); }
		fwrite($s, 'x'); fread($c, 1); // the tickets are read, so that nothing resets the connection
		` + code
}
