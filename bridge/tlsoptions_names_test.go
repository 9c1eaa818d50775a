package bridge_test

// tlsNameOptions are of ALPN, SNI and peer_name.
var tlsNameOptions = []tlsOption{
	{"alpn_protocols", `both(['alpn_protocols' => 'h2,http/1.1'], ['alpn_protocols' => 'http/1.1,h2']); both(['alpn_protocols' => 'http/1.1'], ['alpn_protocols' => 'h2,http/1.1']);`},
	{"alpn_protocols, no overlap", `both(['alpn_protocols' => 'h2'], ['alpn_protocols' => 'http/1.1']);`},
	{"alpn_protocols, of one end", `own(['alpn_protocols' => 'h2']);`},
	{"alpn_protocols, odd ones", `foreach (['', ',', ',h2', 'h2,', 'h2,,http/1.1', ' h2', 'h2 , http/1.1', str_repeat('x', 254), str_repeat('x', 255), str_repeat('x', 256), str_repeat('x,', 127), str_repeat('x', 70000), "h2\0x", "\0", null, 7, true, 1.5] as $list) {
		echo "\n", strlen((string) $list), "\n"; both(['alpn_protocols' => $list], ['alpn_protocols' => 'h2,7,1,1.5,x']); both(['alpn_protocols' => 'h2,http/1.1,7,1,1.5,x'], ['alpn_protocols' => $list]); }`},
	{"alpn_protocols, array", `both(['alpn_protocols' => ['h2']], ['alpn_protocols' => ['h2']]);`},
	{"alpn_protocols, object", `both(['alpn_protocols' => new Text('h2')], ['alpn_protocols' => new Text('h2')]);`},
	{"alpn_protocols, object without text", `both(['alpn_protocols' => new stdClass]); both([], ['alpn_protocols' => new stdClass]);`},
	{"alpn_protocols, TLS 1.2", `both(['alpn_protocols' => 'h2,http/1.1'], ['alpn_protocols' => 'http/1.1,h2'], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);
		both(['alpn_protocols' => 'h2'], ['alpn_protocols' => 'http/1.1'], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);`},
	{"alpn_protocols, blocking", `foreach (['h2', 'http/1.1,h2', GONE] as $list) { $c = stream_socket_client("ssl://$alpn", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(['alpn_protocols' => $list])); var_dump(stream_get_meta_data($c)['crypto']['alpn_protocol'] ?? null); }
		[$s] = serve(['alpn_protocols' => 'http/1.1']); var_dump(stream_get_meta_data($s)['crypto']['alpn_protocol']);`},
	{"alpn_protocols, refused by the server", `dial("ssl://$alpn", ['alpn_protocols' => 'ftp']);`},

	{"SNI_enabled", `foreach ([true, false, 0, '', null, 'x'] as $value) { both(['SNI_server_certs' => ['localhost' => "$f/by-root.pem"]], ['SNI_enabled' => $value, 'capture_peer_cert' => true]);
		both(['SNI_server_certs' => ['localhost' => "$f/by-root.pem"], 'SNI_enabled' => $value], ['capture_peer_cert' => true]); }`},
	{"SNI_server_certs", `foreach (['a.example.test', 'b.example.test', 'localhost', 'LOCALHOST'] as $name) both(['SNI_server_certs' => ['a.example.test' => "$f/sni-exact.pem", '*.example.test' => "$f/sni-wildcard.pem"]], ['peer_name' => $name, 'capture_peer_cert' => true]);`},
	{"SNI_server_certs, wildcards", `foreach (['*', '*.test', 'a.*.test', 'loc*', '*host', 'l*t', '**', '*.', ''] as $key) { echo "\n$key\n"; both(['SNI_server_certs' => [$key => "$f/by-root.pem"]], ['capture_peer_cert' => true]); }`},
	{"SNI_server_certs, upper case", `both(['SNI_server_certs' => ['LocalHost' => "$f/by-root.pem"]], ['capture_peer_cert' => true]);`},
	{"SNI_server_certs, trailing dot", `both(['SNI_server_certs' => ['localhost' => "$f/by-root.pem"]], ['peer_name' => 'localhost.', 'verify_peer_name' => false, 'capture_peer_cert' => true]);`},
	{"SNI_server_certs, IP", `both(['SNI_server_certs' => ['127.0.0.1' => "$f/by-root.pem"]], ['peer_name' => '127.0.0.1', 'capture_peer_cert' => true]);`},
	{"SNI_server_certs, odd names", `foreach (['a b', 'ä.test', 'x_y', '-', str_repeat('x', 300), "local\0host", '[::1]', 'a..b'] as $name) { echo "\n$name\n"; both(['SNI_server_certs' => [$name => "$f/by-root.pem"]], ['peer_name' => $name, 'verify_peer_name' => false, 'capture_peer_cert' => true]); }`},
	{"SNI_server_certs, no match and no other", `both(['local_cert' => GONE, 'SNI_server_certs' => ['a.example.test' => "$f/sni-exact.pem"]]);`},
	{"SNI_server_certs, no match and no other, TLS 1.2", `both(['local_cert' => GONE, 'SNI_server_certs' => ['a.example.test' => "$f/sni-exact.pem"]], [], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);`},
	{"SNI_server_certs, and no other", `both(['local_cert' => GONE, 'SNI_server_certs' => ['localhost' => "$f/by-root.pem"]]);`},
	{"SNI_server_certs, two files", `both(['SNI_server_certs' => ['localhost' => ['local_cert' => "$f/by-root.crt", 'local_pk' => "$f/by-root.key"]]], ['capture_peer_cert' => true]);`},
	{"SNI_server_certs, relative", `chdir($f); both(['SNI_server_certs' => ['localhost' => 'by-root.pem']]); both(['SNI_server_certs' => ['localhost' => ['local_cert' => 'by-root.crt', 'local_pk' => 'by-root.key']]]);`},
	{"SNI_server_certs, malformed", `foreach (['x', 7, null, true, [], new stdClass, ["$f/by-root.pem"], [7 => "$f/by-root.pem"], ['localhost' => []], ['localhost' => ['local_pk' => "$f/by-root.key"]],
			['localhost' => ['local_cert' => "$f/by-root.crt"]], ['localhost' => ["$f/by-root.crt", "$f/by-root.key"]], ['localhost' => "$f/none.pem"], ['localhost' => ''], ['localhost' => ['local_cert' => '', 'local_pk' => '']],
			['localhost' => ['local_cert' => "$f/none.crt", 'local_pk' => "$f/by-root.key"]], ['localhost' => ['local_cert' => "$f/by-root.crt", 'local_pk' => "$f/none.key"]],
			['localhost' => ['local_cert' => "$f/by-root.key", 'local_pk' => "$f/by-root.key"]], ['localhost' => ['local_cert' => "$f/by-root.crt", 'local_pk' => "$f/ecdsa.key"]],
			['localhost' => "$f/by-root.crt"], ['localhost' => "$f/by-root.key"], ['localhost' => "$f/garbage.pem"], ['localhost' => $f], ['localhost' => "$f/by-root.pem", 7 => 'x'], ['localhost' => "$f/by-root.pem\0x"],
			['localhost' => "$f/by-root.pem", 'other' => "$f/none.pem"], ['localhost' => "$f/none.pem", 7 => 'x'], ['localhost' => "file://$f/by-root.pem"]] as $table) {
		echo "\n", shown($table), "\n"; both(['SNI_server_certs' => $table]); }`},
	{"SNI_server_certs, malformed, not enabled", `both(['SNI_server_certs' => 'x', 'SNI_enabled' => false]);`},
	{"SNI_server_certs, of a client", `both([], ['SNI_server_certs' => 'x']);`},
	{"SNI_server_certs, inner values", `foreach ([7, null, true, []] as $value) { echo "\n", shown($value), "\n"; both(['SNI_server_certs' => ['localhost' => ['local_cert' => "$f/by-root.crt", 'local_pk' => $value]]]);
		both(['SNI_server_certs' => ['localhost' => ['local_cert' => $value, 'local_pk' => "$f/by-root.key"]]]); }`},
	{"SNI_server_certs, inner object", `both(['SNI_server_certs' => ['localhost' => ['local_cert' => new Text("$f/by-root.crt"), 'local_pk' => new Text("$f/by-root.key")]]]);`},
	{"SNI_server_certs, inner object without text", `both(['SNI_server_certs' => ['localhost' => ['local_cert' => new stdClass, 'local_pk' => new stdClass]]]);`},
	{"SNI_server_certs, int", `both(['SNI_server_certs' => ['localhost' => 7]]);`},
	{"SNI_server_certs, object", `both(['SNI_server_certs' => ['localhost' => new Text("$f/by-root.pem")]]);`},
	{"SNI_server_certs, references", `$pem = "$f/by-root.pem"; $table = ['localhost' => &$pem]; both(['SNI_server_certs' => &$table]);
		$entry = ['local_cert' => "$f/by-root.crt", 'local_pk' => "$f/by-root.key"]; both(['SNI_server_certs' => ['localhost' => &$entry]]);`},
	{"SNI_server_certs, encrypted", `both(['passphrase' => 'secret', 'SNI_server_certs' => ['localhost' => ['local_cert' => "$f/ecdsa.crt", 'local_pk' => "$f/ecdsa-aes.key"]]]);`},
	{"SNI_server_certs, open_basedir", "#ini open_basedir=FOLDER/sub\n" + `both(['local_cert' => GONE, 'SNI_server_certs' => ['localhost' => "$f/ecdsa.pem"]], ['cafile' => GONE]);
		both(['local_cert' => GONE, 'SNI_server_certs' => ['localhost' => ['local_cert' => "$f/ecdsa.crt", 'local_pk' => "$f/ecdsa.key"]]], ['cafile' => GONE]);`},
	{"SNI_server_certs, blocking", `serve(['SNI_server_certs' => 'x']); serve(['SNI_server_certs' => ['localhost' => "$f/by-root.pem"], 'local_cert' => GONE]);`},

	{"peer_name, of a server", `both(['peer_name' => 'client-ecdsa', 'verify_peer_name' => true], ['local_cert' => "$f/client-ecdsa.pem"]);
		both(['peer_name' => 'client-ecdsa', 'verify_peer' => true, 'verify_peer_name' => true, 'cafile' => "$f/root.crt"], ['local_cert' => "$f/client-ecdsa.pem"]);
		both(['peer_name' => 'other', 'verify_peer' => true, 'verify_peer_name' => true, 'cafile' => "$f/root.crt"], ['local_cert' => "$f/client-ecdsa.pem"]);
		both(['verify_peer' => true, 'verify_peer_name' => true, 'cafile' => "$f/root.crt"], ['local_cert' => "$f/client-ecdsa.pem"]);
		both(['peer_name' => 'other', 'verify_peer' => true, 'cafile' => "$f/root.crt"], ['local_cert' => "$f/client-ecdsa.pem"]);`},
	{"peer_name, odd values", `foreach ([null, 7, '', 1.5, true, false, ['x'], "localhost\0x", "\0", new Text('localhost'), str_repeat('x', 5000), STDIN] as $name) { echo "\n"; both([], ['peer_name' => $name]); }`},
	{"peer_name, object without text", `both([], ['peer_name' => new stdClass]);`},
	{"peer_name, object that throws", `both([], ['peer_name' => new Thrower]);`},
	{"peer_name, object without text, without SNI", `both([], ['peer_name' => new stdClass, 'SNI_enabled' => false, 'verify_peer_name' => false]);`},
	{"peer_name, none", `both([], ['peer_name' => GONE]); dial("ssl://$tls", ['peer_name' => GONE]); dial("ssl://localhost:" . explode(':', $tls)[1], ['peer_name' => GONE]);`},
	{"peer_name, old options", `both([], ['peer_name' => GONE, 'CN_match' => 'localhost', 'SNI_server_name' => 'localhost']); dial("ssl://$tls", ['peer_name' => GONE, 'CN_match' => 'other']);`},
}

// tlsCaptureOptions are of what is told of the peer.
var tlsCaptureOptions = []tlsOption{
	{"capture_peer_cert", `own(['capture_peer_cert' => true]); own(['capture_peer_cert' => false]);`},
	{"capture_peer_cert_chain", `own(['capture_peer_cert_chain' => true]);`},
	{"capture_peer_cert, both options", `foreach (['ecdsa', 'rsa', 'by-root'] as $name) both(['local_cert' => "$f/$name.pem"], ['capture_peer_cert' => true, 'capture_peer_cert_chain' => true]);`},
	{"capture_peer_cert, odd values", `foreach ([0, '', null, 'x', [], [0], new stdClass] as $value) own(['capture_peer_cert' => $value, 'capture_peer_cert_chain' => $value]);`},
	{"capture_peer_cert, server", `foreach ([['verify_peer' => true, 'cafile' => "$f/root.crt"], []] as $options) foreach ([GONE, "$f/client-ecdsa.pem", "$f/by-root.pem", "$f/client-by-stranger.pem"] as $file)
		both($options + ['capture_peer_cert' => true, 'capture_peer_cert_chain' => true], ['local_cert' => $file]);`},
	{"capture_peer_cert, server, TLS 1.2", `foreach ([GONE, "$f/client-ecdsa.pem", "$f/by-root.pem"] as $file)
		both(['verify_peer' => true, 'cafile' => "$f/root.crt", 'capture_peer_cert' => true, 'capture_peer_cert_chain' => true], ['local_cert' => $file], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);`},
	{"capture_peer_cert, refused", `both([], ['capture_peer_cert' => true, 'capture_peer_cert_chain' => true, 'peer_name' => 'other.test']);
		both([], ['capture_peer_cert' => true, 'capture_peer_cert_chain' => true, 'peer_fingerprint' => 'x']);
		both([], ['capture_peer_cert' => true, 'capture_peer_cert_chain' => true, 'cafile' => "$f/stranger.crt"]);`},
	{"capture_peer_cert, content", `$c = client(['capture_peer_cert' => true, 'capture_peer_cert_chain' => true]); $ssl = stream_context_get_options($c)['ssl'];
		openssl_x509_export($ssl['peer_certificate'], $pem); echo $pem; print_r(openssl_x509_parse($ssl['peer_certificate']));
		foreach ($ssl['peer_certificate_chain'] as $one) { openssl_x509_export($one, $pem); echo $pem; print_r(openssl_x509_parse($one)); echo openssl_x509_fingerprint($one, 'sha256'); }
		var_dump($ssl['peer_certificate'] == $ssl['peer_certificate_chain'][0], $ssl['peer_certificate'] === $ssl['peer_certificate_chain'][0], array_keys($ssl));`},
	{"capture_peer_cert, context of the listener", `$l = stream_socket_server('tcp://127.0.0.1:0', $no, $text, 12, server_context(['verify_peer' => true, 'cafile' => "$f/root.crt", 'capture_peer_cert' => true]));
		$c = stream_socket_client('tcp://' . stream_socket_get_name($l, false), $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(['local_cert' => "$f/client-ecdsa.pem"])); $s = stream_socket_accept($l);
		print_r(shake(['server' => $s, 'client' => $c], ['server' => SERVER, 'client' => CLIENT], $said)); echo options($s), "\n", options($l), "\n";
		stream_context_set_option($l, 'ssl', 'mine', 'x'); echo options($s), "\n";`},
	{"capture_peer_cert, context used twice", `$context = client_context(['capture_peer_cert' => true]); foreach ([$tls, $rsa] as $address) { $c = stream_socket_client("ssl://$address", $no, $text, 5, STREAM_CLIENT_CONNECT, $context); echo options($c), "\n"; }`},
	{"capture_peer_cert, resumed", `for ($i = 0; $i < 3; $i++) { $c = client(['capture_peer_cert' => true, 'capture_peer_cert_chain' => true]); fwrite($c, 'x'); fread($c, 1); echo options($c), "\n"; fclose($c); }`},
	{"capture_session_meta", `both(['capture_session_meta' => true], ['capture_session_meta' => true]);`},
	{"peer_certificate, given", `both([], ['peer_certificate' => 'x', 'peer_certificate_chain' => 'y']); both([], ['peer_certificate' => 'x', 'capture_peer_cert' => true]);`},
}

// tlsOddOptions are those with little or no effect.
var tlsOddOptions = []tlsOption{
	{"no_ticket", `foreach ([true, false, null, 'x'] as $value) { own(['no_ticket' => $value]); own(['no_ticket' => $value, 'max_proto_version' => STREAM_CRYPTO_PROTO_TLSv1_2]); }`},
	{"disable_compression", `foreach ([true, false, null, 'x', []] as $value) own(['disable_compression' => $value]);`},
	{"single_dh_use", `foreach ([true, false, null] as $value) own(['single_dh_use' => $value, 'single_ecdh_use' => $value]);`},
	{"dh_param", `file_put_contents($mine = "$f/" . uniqid(), "-----BEGIN DH PARAMETERS-----\nMIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz\n+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a\n87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7\nYdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi\n7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD\nssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==\n-----END DH PARAMETERS-----\n");
		both(['dh_param' => $mine]);`},
	{"dh_param, missing", `both(['dh_param' => "$f/none"]);`},
	{"dh_param, garbage", `both(['dh_param' => "$f/garbage.pem"]);`},
	{"dh_param, null", `both(['dh_param' => null]);`},
	{"dh_param, array", `both(['dh_param' => []]);`},
	{"dh_param, object without text", `both(['dh_param' => new stdClass]);`},
	{"dh_param, of a client", `both([], ['dh_param' => "$f/none"]); both([], ['dh_param' => []]);`},
	{"ecdh_curve", `foreach (['prime256v1', 'secp384r1', 'none', '', 7, null, []] as $curve) own(['ecdh_curve' => $curve]);`},
	{"rsa_key_size", `own(['rsa_key_size' => 512]);`},
	{"rsa_key_size, null", `own(['rsa_key_size' => null]);`},
	{"reneg_limit", `foreach ([0, -1, 'x', null, []] as $value) own(['reneg_limit' => $value, 'reneg_window' => $value]);`},
	{"reneg_limit_callback", `own(['reneg_limit_callback' => 'nothing']); own(['reneg_limit_callback' => fn() => null]);`},
	{"unknown options", `own(['nothing' => 'x', '' => new stdClass, 'LOCAL_CERT' => "$f/none"]);`},
	{"peer_fingerprint, odd values", `foreach (['', 'x', str_repeat('0', 31), str_repeat('0', 32), str_repeat('0', 40), str_repeat('0', 64), str_repeat('0', 5000), [], ['x'], ['sha1'], ['sha1' => ''], ['sha1' => 7], ['sha1' => null], ['' => 'x'], ['none' => 'x'],
		['sha1' => ['x']], 7, null, true, 1.5, new stdClass, new Text('x'), ['md5' => str_repeat('0', 32), 'none' => 'x'], ["sha1\0x" => 'x'], ['SHA1' => 'x']] as $value) { echo "\n"; both([], ['peer_fingerprint' => $value]); }`},
	{"peer_fingerprint, digests", `$hex = fn($name) => openssl_x509_fingerprint(file_get_contents("$f/ecdsa.crt"), $name);
		foreach (['md5', 'sha1', 'SHA1', 'sha224', 'sha256', 'sha384', 'sha512', 'ripemd160', 'sha3-256', 'sha512-256', 'RSA-SHA256', 'blake2b512', 'md4', 'whirlpool', 'sm3', 'shake128', 'md5-sha1'] as $name) {
			echo "\n$name\n"; both([], ['peer_fingerprint' => [$name => (string) @$hex($name)]]); both([], ['peer_fingerprint' => [$name => strtoupper((string) @$hex($name))]]); }`},
	{"peer_fingerprint, server", `$hex = openssl_x509_fingerprint(file_get_contents("$f/client-ecdsa.crt"), 'sha1');
		foreach ([GONE, "$f/client-ecdsa.pem", "$f/client-rsa.pem"] as $file) { both(['peer_fingerprint' => $hex], ['local_cert' => $file]); both(['peer_fingerprint' => $hex, 'verify_peer' => true, 'cafile' => "$f/root.crt"], ['local_cert' => $file]); }`},
	{"peer_fingerprint, references", `$hex = openssl_x509_fingerprint(file_get_contents("$f/ecdsa.crt"), 'sha1'); both([], ['peer_fingerprint' => &$hex]); both([], ['peer_fingerprint' => ['sha1' => &$hex]]);`},
}
