package bridge_test

// tlsHandlerOptions have error handlers that do what they should not.
var tlsHandlerOptions = []tlsOption{
	{"handler, setting up, throws", handled(`throw new Exception('from the handler');`, `['cafile' => "$f/none.crt"]`)},
	{"handler, setting up, returns false", handled(`return false;`, `['cafile' => "$f/none.crt"]`)},
	{"handler, setting up, closes", handled(`var_dump(fclose($GLOBALS['c']));`, `['cafile' => "$f/none.crt"]`)},
	{"handler, setting up, exits", handled(`exit('over');`, `['cafile' => "$f/none.crt"]`)},
	{"handler, setting up, forgets", handled(`$GLOBALS['c'] = null;`, `['cafile' => "$f/none.crt"]`)},
	{"handler, setting up, shuts down", handled(`var_dump(stream_socket_shutdown($GLOBALS['c'], 2));`, `['cafile' => "$f/none.crt"]`)},
	{"handler, setting up, changes the options", handled(`stream_context_set_option($GLOBALS['c'], 'ssl', 'local_cert', []); stream_context_set_option($GLOBALS['c'], 'ssl', 'cafile', "$GLOBALS[f]/root.crt");`, `['cafile' => "$f/none.crt"]`)},
	{"handler, converting, throws", handled(`throw new Exception('from the handler');`, `['local_cert' => []]`)},
	{"handler, converting, closes", handled(`var_dump(fclose($GLOBALS['c']));`, `['local_cert' => []]`)},
	{"handler, converting, changes the option", handled(`stream_context_set_option($GLOBALS['c'], 'ssl', 'local_cert', 7);`, `['local_cert' => []]`)},
	{"handler, shaking hands, throws", handled(`throw new Exception('from the handler');`, `['cafile' => "$f/stranger.crt"]`)},
	{"handler, shaking hands, closes", handled(`var_dump(fclose($GLOBALS['c']));`, `['cafile' => "$f/stranger.crt"]`)},
	{"handler, shaking hands, exits", handled(`exit('over');`, `['cafile' => "$f/stranger.crt"]`)},
	{"handler, shaking hands, forgets", handled(`$GLOBALS['c'] = null;`, `['cafile' => "$f/stranger.crt"]`)},
	{"handler, shaking hands, reads", handled(`var_dump(@fread($GLOBALS['c'], 1));`, `['cafile' => "$f/stranger.crt"]`)},
	{"handler, shaking hands, begins again", handled(`static $n = 0; if ($n++ < 2) var_dump(stream_socket_enable_crypto($GLOBALS['c'], true, CLIENT));`, `['cafile' => "$f/stranger.crt"]`)},
	{"handler, shaking hands, switches off", handled(`var_dump(stream_socket_enable_crypto($GLOBALS['c'], false));`, `['cafile' => "$f/stranger.crt"]`)},
	{"handler, judging, throws", handled(`throw new Exception('from the handler');`, `['peer_name' => 'other.test']`)},
	{"handler, judging, closes", handled(`var_dump(fclose($GLOBALS['c']));`, `['peer_name' => 'other.test']`)},
	{"handler, judging, exits", handled(`exit('over');`, `['peer_name' => 'other.test']`)},
	{"handler, judging, of fingerprints, throws", handled(`throw new Exception($text);`, `['peer_fingerprint' => ['none' => 'x']]`)},
	{"handler, wrapper of the cafile closes", `class Mine { public $context; function stream_open() { var_dump(fclose($GLOBALS['c'])); return false; } } stream_wrapper_register('mine', 'Mine');
		$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(['cafile' => 'mine://x'])); var_dump(stream_socket_enable_crypto($c, true, CLIENT)); var_dump($c);`},
	{"handler, object's text closes", `class Closer { function __toString(): string { var_dump(fclose($GLOBALS['c'])); return ''; } }
		$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(['local_cert' => new Closer])); var_dump(stream_socket_enable_crypto($c, true, CLIENT)); var_dump($c);`},
	{"handler, object's text begins", `class Beginner { function __toString(): string { global $c; static $n = 0; if (!$n++) var_dump(stream_socket_enable_crypto($c, true, CLIENT)); return "$GLOBALS[f]/ecdsa.pem"; } }
		$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(['local_cert' => new Beginner])); var_dump(stream_socket_enable_crypto($c, true, CLIENT)); fwrite($c, 'x'); var_dump(fread($c, 1));`},
	{"handler, object's text sets options", `class Setter { function __toString(): string { global $c; for ($i = 0; $i < 100; $i++) stream_context_set_option($c, 'ssl', "x$i", $i); stream_context_set_option($c, 'ssl', 'local_cert', "$GLOBALS[f]/none.pem"); return "$GLOBALS[f]/ecdsa.pem"; } }
		$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(['local_cert' => new Setter])); var_dump(stream_socket_enable_crypto($c, true, CLIENT)); echo count(stream_context_get_options($c)['ssl']);`},
	{"handler, accepting, throws", `set_error_handler(function ($level, $text) { throw new Exception($text); }); try { serve(['local_cert' => "$f/none.pem"]); } catch (Exception $e) { for (; $e; $e = $e->getPrevious()) echo $e->getMessage(), "\n"; }`},
	{"handler, accepting, closes the listener", `$l = stream_socket_server('ssl://127.0.0.1:0', $no, $text, 12, server_context(['local_cert' => "$f/none.pem"]));
		set_error_handler(function ($level, $text) { echo "$text\n"; if (is_resource($GLOBALS['l'])) var_dump(fclose($GLOBALS['l'])); });
		$c = stream_socket_client('tcp://' . stream_socket_get_name($l, false)); var_dump(stream_socket_accept($l, 5));`},
}

// handled is a client with an error handler and options; the stream is $c, global.
func handled(handler, options string) string {
	return `set_error_handler(function ($level, $text) { echo "$level $text\n"; ` + handler + ` });
		$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(` + options + `));
		try { var_dump(stream_socket_enable_crypto($c, true, CLIENT)); }
		catch (Throwable $e) { for (; $e; $e = $e->getPrevious()) echo get_class($e), ' ', $e->getMessage(), "\n"; }
		restore_error_handler();
		var_dump(is_resource($c)); if (is_resource($c)) var_dump(stream_get_meta_data($c)['blocked'], feof($c));
		register_shutdown_function(function () { echo 'the end'; });`
}

// tlsCryptoCalls are of stream_socket_enable_crypto() and of contexts.
var tlsCryptoCalls = []tlsOption{
	{"crypto, arguments", `$c = client(); foreach ([[], [$c], ['x', true], [$c, 'x'], [$c, true, 1, 2], [$c, true, 1, $c, 5], [STDIN, true, 1], [stream_context_create(), true]] as $arguments) {
		try { var_dump(stream_socket_enable_crypto(...$arguments)); } catch (Throwable $e) { echo get_class($e), ' ', $e->getMessage(), "\n"; } }`},
	{"crypto, off and on again", `$ends = connected(); print_r(shake($ends, ['server' => SERVER, 'client' => CLIENT], $said)); foreach ($ends as $end) var_dump(stream_socket_enable_crypto($end, false)); foreach ($ends as $end) var_dump(stream_socket_enable_crypto($end, false), isset(stream_get_meta_data($end)['crypto']));`},
	{"crypto, on when off", `$c = client(); var_dump(stream_socket_enable_crypto($c, false), stream_socket_enable_crypto($c, true, CLIENT)); $c = client(); stream_set_blocking($c, false); var_dump(stream_socket_enable_crypto($c, true, CLIENT));`},
	{"crypto, on when on", `$c = client(); var_dump(stream_socket_enable_crypto($c, true, CLIENT), stream_socket_enable_crypto($c, true)); fwrite($c, 'x'); var_dump(fread($c, 1));
		stream_set_blocking($c, false); var_dump(stream_socket_enable_crypto($c, true, CLIENT), stream_socket_enable_crypto($c, true, SERVER)); fwrite($c, 'x'); stream_set_blocking($c, true); var_dump(fread($c, 1));`},
	{"crypto, on when it failed", `$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(['cafile' => "$f/stranger.crt"])); for ($i = 0; $i < 3; $i++) var_dump(stream_socket_enable_crypto($c, true, CLIENT)); var_dump(stream_socket_enable_crypto($c, false), feof($c));`},
	{"crypto, on when it failed, not blocking", `$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(['cafile' => "$f/stranger.crt"])); stream_set_blocking($c, false);
		while (($done = stream_socket_enable_crypto($c, true, CLIENT)) === 0) usleep(1000); var_dump($done); for ($i = 0; $i < 3; $i++) var_dump(stream_socket_enable_crypto($c, true, CLIENT));`},
	{"crypto, on when judged", `$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(['peer_name' => 'other.test'])); for ($i = 0; $i < 3; $i++) var_dump(stream_socket_enable_crypto($c, true, CLIENT)); var_dump(fwrite($c, 'x'));`},
	{"crypto, after a failed set-up", `$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(['cafile' => "$f/none.crt"])); var_dump(stream_socket_enable_crypto($c, true, CLIENT));
		stream_context_set_option($c, 'ssl', 'cafile', "$f/root.crt"); var_dump(stream_socket_enable_crypto($c, true, CLIENT)); fwrite($c, 'x'); var_dump(fread($c, 1));`},
	{"crypto, on the listener", `$l = stream_socket_server('tcp://127.0.0.1:0', $no, $text, 12, server_context()); stream_set_timeout($l, 0, 100_000); var_dump(stream_socket_enable_crypto($l, true, SERVER), stream_socket_enable_crypto($l, true, SERVER), stream_socket_enable_crypto($l, false));`},
	{"crypto, on the listener, not blocking", `$l = stream_socket_server('tcp://127.0.0.1:0', $no, $text, 12, server_context()); stream_set_blocking($l, false); var_dump(stream_socket_enable_crypto($l, true, SERVER), stream_socket_enable_crypto($l, true, SERVER));`},
	{"crypto, on a listener of TLS", `$l = stream_socket_server('ssl://127.0.0.1:0', $no, $text, 12, server_context()); stream_set_timeout($l, 0, 100_000); var_dump(stream_socket_enable_crypto($l, true, SERVER), stream_socket_enable_crypto($l, false));`},
	{"crypto, unconnected", `$c = stream_socket_client("tcp://$tls", $no, $text, 5, 0, client_context()); var_dump($c ? stream_socket_enable_crypto($c, true, CLIENT) : $c);`},
	{"crypto, closed", `$c = client(); fclose($c); try { var_dump(stream_socket_enable_crypto($c, true, CLIENT)); } catch (Throwable $e) { echo get_class($e), ' ', $e->getMessage(), "\n"; }`},
	{"crypto, shut down", `$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context()); stream_socket_shutdown($c, STREAM_SHUT_RDWR); var_dump(stream_socket_enable_crypto($c, true, CLIENT), stream_socket_enable_crypto($c, true, CLIENT));`},
	{"crypto, other streams", `foreach ([fopen('php://memory', 'r+'), fopen(__FILE__, 'r'), popen('true', 'r'), stream_socket_client('udp://127.0.0.1:9'), stream_socket_server("unix://$f/" . uniqid())] as $c) var_dump(stream_socket_enable_crypto($c, true, CLIENT), stream_socket_enable_crypto($c, false));`},
	{"crypto, unix", `$l = stream_socket_server($name = "unix://$f/" . uniqid()); $c = stream_socket_client($name); var_dump(stream_socket_enable_crypto($c, true, CLIENT));`},
	{"crypto, bytes in the buffer", `['server' => $s, 'client' => $c] = $ends = connected(); fwrite($s, "hello\nrest"); var_dump(fgets($c)); print_r(shake($ends, ['server' => SERVER, 'client' => CLIENT], $said)); fwrite($s, 'more'); var_dump(fread($c, 100), heard($c));`},
	{"crypto, handshake in the buffer", `['server' => $s, 'client' => $c] = $ends = connected(); stream_set_blocking($c, false); stream_set_timeout($s, 1); fwrite($c, "hello\n"); stream_socket_enable_crypto($c, true, CLIENT); usleep(50000); var_dump(fgets($s)); var_dump(@stream_socket_enable_crypto($s, true, SERVER));`},
	{"crypto, session streams", `$done = client(); foreach ([null, $done, stream_socket_client("tcp://$tls"), fopen('php://memory', 'r'), stream_socket_server('ssl://127.0.0.1:0'), stream_socket_client('udp://127.0.0.1:9'), 'x'] as $session) {
		$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context()); try { var_dump(stream_socket_enable_crypto($c, true, CLIENT, $session)); } catch (Throwable $e) { echo get_class($e), ' ', $e->getMessage(), "\n"; } }`},
	{"crypto, session stream of itself", `$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context()); var_dump(stream_socket_enable_crypto($c, true, CLIENT, $c)); $c = client(); var_dump(stream_socket_enable_crypto($c, true, CLIENT, $c));`},
	{"crypto, session stream that is closed", `$done = client(); fclose($done); $c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context()); try { var_dump(stream_socket_enable_crypto($c, true, CLIENT, $done)); } catch (Throwable $e) { echo get_class($e), ' ', $e->getMessage(), "\n"; }`},
	{"crypto, session stream of another certificate", `$done = client(); fwrite($done, 'x'); fread($done, 1); $c = stream_socket_client("tcp://$rsa", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(['capture_peer_cert' => true])); var_dump(stream_socket_enable_crypto($c, true, CLIENT, $done)); echo options($c);`},
	{"crypto, session stream and a server", `$ends = connected(); $done = client(); stream_set_timeout($ends['server'], 0, 100_000); stream_set_blocking($ends['client'], false); stream_socket_enable_crypto($ends['client'], true, CLIENT); var_dump(stream_socket_enable_crypto($ends['server'], true, SERVER, $done));`},

	{"context, default", `stream_context_set_default(['ssl' => ['cafile' => "$f/root.crt", 'peer_name' => 'localhost']]); $c = stream_socket_client("ssl://$tls", $no, $text, 5); var_dump(is_resource($c)); echo options($c);
		$c = fsockopen("ssl://$tls"); var_dump(is_resource($c)); var_dump(stream_context_get_options($c));`},
	{"context, default, and one of its own", `stream_context_set_default(['ssl' => ['cafile' => "$f/root.crt", 'peer_name' => 'localhost']]); $c = stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, stream_context_create()); var_dump($c);`},
	{"context, default, server", `stream_context_set_default(['ssl' => ['local_cert' => "$f/ecdsa.pem"]]); $l = stream_socket_server('ssl://127.0.0.1:0'); echo options($l); $control = stream_socket_client("tcp://$dialer"); fwrite($control, stream_socket_get_name($l, false)); $s = stream_socket_accept($l, 5); var_dump(is_resource($s), fread($s, 10));`},
	{"context, none", `$c = stream_socket_client("tcp://$tls"); var_dump(stream_socket_enable_crypto($c, true, CLIENT)); var_dump(stream_context_get_options($c));`},
	{"context, set late", `$c = stream_socket_client("tcp://$tls"); stream_context_set_option($c, 'ssl', 'cafile', "$f/root.crt"); stream_context_set_option($c, ['ssl' => ['peer_name' => 'localhost', 'capture_peer_cert' => true]]); var_dump(stream_socket_enable_crypto($c, true, CLIENT)); echo options($c);`},
	{"context, set when it is on", `$c = client(); stream_context_set_option($c, 'ssl', 'local_cert', []); stream_context_set_option($c, 'ssl', 'peer_name', 'other'); fwrite($c, 'x'); var_dump(fread($c, 1)); echo options($c);`},
	{"context, set between calls", `['client' => $c] = $ends = connected(null, client_context(['peer_name' => 'other.test'])); stream_set_blocking($c, false);
		var_dump(stream_socket_enable_crypto($c, true, CLIENT)); stream_context_set_option($c, 'ssl', 'peer_name', 'localhost'); stream_context_set_option($c, 'ssl', 'cafile', "$f/none.crt"); stream_context_set_option($c, 'ssl', 'capture_peer_cert', true);
		print_r(shake($ends, ['server' => SERVER, 'client' => CLIENT], $said)); print_r($said); echo options($c);`},
	{"context, verified less between calls", `['client' => $c] = $ends = connected(null, client_context(['cafile' => "$f/stranger.crt"])); stream_set_blocking($c, false);
		var_dump(stream_socket_enable_crypto($c, true, CLIENT)); stream_context_set_option($c, 'ssl', 'verify_peer', false); echo shown(shake($ends, ['server' => SERVER, 'client' => CLIENT], $said)), shown($said);`},
	{"context, verified more between calls", `['client' => $c] = $ends = connected(null, client_context(['verify_peer' => false, 'verify_peer_name' => false, 'peer_name' => 'other.test'])); stream_set_blocking($c, false);
		var_dump(stream_socket_enable_crypto($c, true, CLIENT)); stream_context_set_option($c, 'ssl', 'verify_peer_name', true); echo shown(shake($ends, ['server' => SERVER, 'client' => CLIENT], $said)), shown($said);`},
	{"context, self-signed allowed between calls", `['server' => $s, 'client' => $c] = $ends = connected(server_context(['local_cert' => "$f/self-signed.pem"])); stream_set_blocking($c, false);
		stream_socket_enable_crypto($c, true, CLIENT); stream_context_set_option($c, 'ssl', 'allow_self_signed', true); print_r(shake($ends, ['server' => SERVER, 'client' => CLIENT], $said)); print_r($said);`},
	{"context, ssl is no array", `foreach ([['ssl' => 'x'], ['ssl' => null], ['ssl' => []], ['tls' => ['cafile' => 'x']]] as $options) { try { $c = stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, stream_context_create($options)); var_dump($c); } catch (Throwable $e) { echo get_class($e), ' ', $e->getMessage(), "\n"; } }`},
	{"context, references", `$cafile = "$f/root.crt"; $name = 7; $context = stream_context_create(['ssl' => ['cafile' => &$cafile, 'peer_name' => &$name, 'verify_peer_name' => false]]); $c = stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, $context); var_dump(is_resource($c), $cafile, $name);`},
	{"context, values converted in the script's array", `$options = ['ssl' => ['cafile' => "$f/root.crt", 'peer_name' => 7, 'verify_peer_name' => false, 'local_pk' => 8, 'passphrase' => 9, 'ciphers' => 'ALL', 'dh_param' => 10]]; $c = stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, stream_context_create($options)); var_dump($options['ssl']['peer_name']); echo options($c);`},
	{"context, params", `$c = client(); $params = stream_context_get_params($c); var_dump(array_keys($params), stream_context_set_params($c, ['notification' => 'none']));`},
}
