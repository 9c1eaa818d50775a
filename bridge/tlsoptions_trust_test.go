package bridge_test

// tlsTrustOptions are of cafile, capath and what comes with them.
var tlsTrustOptions = []tlsOption{
	{"cafile", `trust(['cafile' => "$f/root.crt"]);`},
	{"cafile, relative", `chdir($f); trust(['cafile' => 'root.crt']);`},
	{"cafile, missing", `trust(['cafile' => "$f/none.crt"]);`},
	{"cafile, empty", `trust(['cafile' => '']);`},
	{"cafile, garbage", `trust(['cafile' => "$f/garbage.pem"]);`},
	{"cafile, empty file", `trust(['cafile' => "$f/empty.pem"]);`},
	{"cafile, folder", `trust(['cafile' => $f]);`},
	{"cafile, device", `trust(['cafile' => '/dev/null']);`},
	{"cafile, DER", `trust(['cafile' => "$f/der.crt"]);`},
	{"cafile, key", `trust(['cafile' => "$f/root.key"]);`},
	{"cafile, two", `trust(['cafile' => "$f/roots.crt"]);`},
	{"cafile, one of two is none", `trust(['cafile' => "$f/half-roots.crt"]);`},
	{"cafile, with a key", `trust(['cafile' => "$f/root-rsa.crt"]);`},
	{"cafile, trusted", `trust(['cafile' => "$f/trusted.crt"]);`},
	{"cafile, rejected", `trust(['cafile' => "$f/rejected.crt"]);`},
	{"cafile, intermediate", `trust(['cafile' => "$f/intermediate.crt"]);`},
	{"cafile, other authority", `trust(['cafile' => "$f/stranger.crt"]);`},
	{"cafile, null", `trust(['cafile' => null]);`},
	{"cafile, int", `trust(['cafile' => 7]);`},
	{"cafile, true", `trust(['cafile' => true]);`},
	{"cafile, array", `trust(['cafile' => []]);`},
	{"cafile, object", `trust(['cafile' => new Text("$f/root.crt")]);`},
	{"cafile, object without text", `trust(['cafile' => new stdClass]);`},
	{"cafile, object that throws", `trust(['cafile' => new Thrower]);`},
	{"cafile, NUL", `trust(['cafile' => "$f/root.crt\0x"]);`},
	{"cafile, very long", `trust(['cafile' => str_repeat('x', 5000)]);`},
	{"cafile, file URL", `trust(['cafile' => "file://$f/root.crt"]);`},
	{"cafile, data URL", `trust(['cafile' => 'data://text/plain;base64,' . base64_encode(file_get_contents("$f/root.crt"))]);`},
	{"cafile, data URL, malformed", `trust(['cafile' => 'data://nonsense']);`},
	{"cafile, data without //", `chdir($f); trust(['cafile' => 'data:text/plain,x']);`},
	{"cafile, http", `trust(['cafile' => 'http://127.0.0.1:1/root.crt']);`},
	{"cafile, https of itself", `set_error_handler(function ($level, $text) { echo "$level $text\n"; }); trust(['cafile' => 'https://127.0.0.1:1/root.crt']);`},
	{"cafile, unknown wrapper", `trust(['cafile' => 'none://root.crt']);`},
	{"cafile, filter", `trust(['cafile' => "php://filter/read=string.rot13|string.rot13/resource=$f/root.crt"]);`},
	{"cafile, memory", `trust(['cafile' => 'php://memory']);`},
	{"cafile, glob", `trust(['cafile' => "glob://$f/root.*"]);`},
	{"cafile, zlib", `file_put_contents("compress.zlib://$f/root.gz", file_get_contents("$f/root.crt")); trust(['cafile' => "compress.zlib://$f/root.gz"]);`},
	{"cafile, phar", "#ini extension=phar\n" + `trust(['cafile' => "phar://$f/root.crt/x"]);`},
	{"cafile, wrapper of the user", `class Mine { public $context; private $at = 0; static $text;
		function stream_open($path) { echo "$path\n"; return str_contains($path, 'root'); }
		function stream_read($n) { $part = substr(self::$text, $this->at, $n); $this->at += strlen($part); return $part; }
		function stream_eof() { return $this->at >= strlen(self::$text); }
		function stream_stat() { return []; } }
		Mine::$text = file_get_contents("$f/root.crt");
		stream_wrapper_register('mine', 'Mine'); trust(['cafile' => 'mine://root']); trust(['cafile' => 'mine://none']);
		stream_wrapper_register('far', 'Mine', STREAM_IS_URL); trust(['cafile' => 'far://root']);`},
	{"cafile, wrapper that throws", `class Mine { public $context; function stream_open($path) { throw new Exception('no'); } }
		stream_wrapper_register('mine', 'Mine'); trust(['cafile' => 'mine://root']);`},
	{"cafile, wrapper that speaks TLS", `class Mine { public $context; private $c;
		function stream_open($path) { $this->c = fopen("$GLOBALS[f]/root.crt", 'r'); both(); return true; }
		function stream_read($n) { return fread($this->c, $n); } function stream_eof() { return feof($this->c); } function stream_stat() { return []; } }
		stream_wrapper_register('mine', 'Mine'); trust(['cafile' => 'mine://root']);`},
	{"openssl.cafile", "#ini openssl.cafile=FOLDER/root.crt\n" + `trust([]);`},
	{"openssl.cafile, missing", "#ini openssl.cafile=FOLDER/none.crt\n" + `trust([]);`},
	{"openssl.cafile, garbage", "#ini openssl.cafile=FOLDER/garbage.pem\n" + `trust([]);`},
	{"openssl.cafile, URL", "#ini openssl.cafile=file://FOLDER/root.crt\n" + `trust([]);`},
	{"openssl.cafile, and an option", "#ini openssl.cafile=FOLDER/stranger.crt\n" + `trust(['cafile' => "$f/root.crt"]); trust(['cafile' => null]);`},
	{"openssl.cafile, and capath", "#ini openssl.cafile=FOLDER/stranger.crt\n" + `trust(['capath' => "$f/capath"]);`},
	{"openssl.capath", "#ini openssl.capath=FOLDER/capath\n" + `trust([]);`},
	{"openssl.capath, and capath", "#ini openssl.capath=FOLDER/capath\n" + `trust(['capath' => "$f/folder"]); trust(['capath' => '']);`},
	{"openssl.capath, missing", "#ini openssl.capath=FOLDER/none\n" + `trust([]);`},
	{"openssl.cafile and openssl.capath", "#ini openssl.cafile=FOLDER/stranger.crt openssl.capath=FOLDER/capath\n" + `trust([]);`},
	{"openssl.cafile, set late", `var_dump(ini_set('openssl.cafile', "$f/root.crt"), ini_set('openssl.capath', $f), ini_get('openssl.cafile')); trust([]);`},
	{"system's roots", `trust([]);`},
	{"system's roots, by environment", `putenv("SSL_CERT_FILE=$f/root.crt"); trust([]);`},
	{"openssl_get_cert_locations", `var_dump(openssl_get_cert_locations());`},

	{"capath", `trust(['capath' => "$f/capath"]);`},
	{"capath, rehashed", `trust(['capath' => "$f/rehashed"]);`},
	{"capath, relative", `chdir($f); trust(['capath' => 'capath']);`},
	{"capath, missing", `trust(['capath' => "$f/none"]);`},
	{"capath, empty", `trust(['capath' => '']);`},
	{"capath, empty folder", `trust(['capath' => "$f/folder"]);`},
	{"capath, file", `trust(['capath' => "$f/root.crt"]);`},
	{"capath, without hashes", `trust(['capath' => $f]);`},
	{"capath, several", `trust(['capath' => "$f/folder:$f/capath:$f/none"]);`},
	{"capath, separators", `trust(['capath' => "::$f/capath:"]);`},
	{"capath, URL", `trust(['capath' => "file://$f/capath"]);`},
	{"capath, null", `trust(['capath' => null]);`},
	{"capath, int", `trust(['capath' => 7]);`},
	{"capath, array", `trust(['capath' => [1]]);`},
	{"capath, object", `trust(['capath' => new Text("$f/capath")]);`},
	{"capath, object without text", `trust(['capath' => new stdClass]);`},
	{"capath, NUL", `trust(['capath' => "$f/capath\0x"]);`},
	{"capath, and cafile of another", `trust(['capath' => "$f/capath", 'cafile' => "$f/stranger.crt"]);`},
	{"capath missing, and cafile", `trust(['capath' => "$f/none", 'cafile' => "$f/root.crt"]);`},
	{"capath, and cafile missing", `trust(['capath' => "$f/capath", 'cafile' => "$f/none.crt"]);`},
	{"capath, and cafile empty", `trust(['capath' => "$f/capath", 'cafile' => '']);`},
	{"capath, grows", `mkdir($mine = "$f/" . uniqid()); $hash = openssl_x509_parse(file_get_contents("$f/root.crt"))['hash'];
		trust(['capath' => $mine]); copy("$f/root.crt", "$mine/$hash.0"); clearstatcache(); trust(['capath' => $mine]);`},
	{"capath, second number", `mkdir($mine = "$f/" . uniqid()); $hash = openssl_x509_parse(file_get_contents("$f/root.crt"))['hash'];
		copy("$f/root.crt", "$mine/$hash.1"); trust(['capath' => $mine]); copy("$f/stranger.crt", "$mine/$hash.0"); trust(['capath' => $mine]);`},
	{"capath, other name", `mkdir($mine = "$f/" . uniqid()); copy("$f/root.crt", "$mine/00000000.0"); trust(['capath' => $mine]);`},

	{"verify_peer, server without authority", `both(['verify_peer' => true], ['local_cert' => "$f/client-ecdsa.pem"]);`},
	{"verify_peer, server, no certificate", `both(['verify_peer' => true, 'cafile' => "$f/root.crt"]);`},
	{"verify_peer, server, stranger", `both(['verify_peer' => true, 'cafile' => "$f/root.crt"], ['local_cert' => "$f/client-by-stranger.pem"]);`},
	{"verify_peer, server, expired", `both(['verify_peer' => true, 'cafile' => "$f/root.crt"], ['local_cert' => "$f/expired.pem"]);`},
	{"verify_peer, server, for clients", `both(['verify_peer' => true, 'cafile' => "$f/root.crt"], ['local_cert' => "$f/for-clients.pem"]);`},
	{"verify_peer, server, self-signed", `both(['verify_peer' => true, 'cafile' => "$f/root.crt"], ['local_cert' => "$f/self-signed.pem"]);
		both(['verify_peer' => true, 'cafile' => "$f/root.crt", 'allow_self_signed' => true], ['local_cert' => "$f/self-signed.pem"]);`},
	{"verify_peer, server, TLS 1.2", `both(['verify_peer' => true, 'cafile' => "$f/root.crt"], [], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);
		both(['verify_peer' => true, 'cafile' => "$f/root.crt"], ['local_cert' => "$f/client-by-stranger.pem"], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);
		both(['verify_peer' => true, 'cafile' => "$f/root.crt"], ['local_cert' => "$f/client-rsa.pem"], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);`},
	{"verify_peer, odd values", `foreach ([0, '', '0', 'no', null, [], [0], 0.0, new stdClass, STDIN] as $value) { echo "\n", shown($value), "\n";
		both(['verify_peer' => $value, 'cafile' => "$f/root.crt"]); both([], ['verify_peer' => $value, 'cafile' => "$f/stranger.crt"]); }`},
	{"verify_peer_name, odd values", `foreach ([0, '', '0', 'no', null, [], [0], 0.0, new stdClass] as $value) { echo "\n", shown($value), "\n";
		both([], ['verify_peer_name' => $value, 'peer_name' => 'other.test']); }`},
	{"verify_peer_name, server", `both(['verify_peer_name' => true]); both(['verify_peer_name' => true], ['local_cert' => "$f/client-ecdsa.pem"]);`},
	{"allow_self_signed, odd values", `foreach ([0, '', 'no', null, [], [0], new stdClass] as $value) { echo "\n", shown($value), "\n";
		both(['local_cert' => "$f/self-signed.pem"], ['allow_self_signed' => $value]); }`},
	{"verify_depth, odd values", `foreach ([-1, -2, 0, 1, 2, '1', '2x', 'x', 1.9, 2.1, true, false, null, [], [7], 1 << 32, (1 << 32) + 2, PHP_INT_MAX, PHP_INT_MIN, 101, STDIN] as $value) {
		echo "\n", shown($value), "\n"; both([], ['verify_depth' => $value]); }`},
	{"verify_depth, server", `foreach ([-1, 0, 1, 2] as $value) both(['verify_depth' => $value, 'verify_peer' => true, 'cafile' => "$f/root.crt"], ['local_cert' => "$f/client-rsa.pem"]);`},
	{"verify_depth, object", `both([], ['verify_depth' => new stdClass]);`},
}
