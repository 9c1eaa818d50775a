package bridge_test

// tlsCipherOptions are of ciphers, security_level and what else is about them. What is
// picked is compared with TLS 1.2 only, of a single cipher.
var tlsCipherOptions = []tlsOption{
	{"ciphers, single ones", `foreach (['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305',
		'ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA', 'ECDHE-ECDSA-AES128-SHA256'] as $cipher) {
		echo "\n$cipher\n"; both(['ciphers' => $cipher], [], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT], true);
		both([], ['ciphers' => $cipher], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT], true); }`},
	{"ciphers, single ones of RSA", `foreach (['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA-CHACHA20-POLY1305',
		'ECDHE-RSA-AES128-SHA', 'ECDHE-RSA-AES256-SHA', 'ECDHE-RSA-AES128-SHA256', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA', 'AES128-SHA256'] as $cipher) {
		echo "\n$cipher\n"; both(['local_cert' => "$f/rsa.pem", 'ciphers' => $cipher], [], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT], true);
		both(['local_cert' => "$f/rsa.pem"], ['ciphers' => $cipher], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT], true); }`},
	{"ciphers, of a version before", `both(['ciphers' => 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0'], ['ciphers' => 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0'],
		['client' => STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT, 'server' => STREAM_CRYPTO_METHOD_ANY_SERVER], true);`},
	{"ciphers, list", `both(['ciphers' => 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256'], [], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT], true);`},
	{"ciphers, separators", `foreach ([',', ' ', ';', '::'] as $by) both(['ciphers' => "ECDHE-ECDSA-AES128-GCM-SHA256{$by}ECDHE-RSA-AES128-GCM-SHA256"], [], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT], true);`},
	{"ciphers, unknown", `own(['ciphers' => 'NONE-SUCH']);`},
	{"ciphers, unknown, to the end", `dial("ssl://$tls", ['ciphers' => 'NONE-SUCH']); serve(['ciphers' => 'NONE-SUCH']);`},
	{"ciphers, mixed", `both(['ciphers' => 'NONE-SUCH:ECDHE-ECDSA-AES128-GCM-SHA256:!NEITHER'], [], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT], true);`},
	{"ciphers, empty", `own(['ciphers' => '']);`},
	{"ciphers, colon", `own(['ciphers' => ':']);`},
	{"ciphers, null", `own(['ciphers' => null]);`},
	{"ciphers, ALL:!aNULL", `own(['ciphers' => 'ALL:!aNULL']);`},
	{"ciphers, DEFAULT", `own(['ciphers' => 'DEFAULT']); own(['ciphers' => 'DEFAULT:!AESGCM']);`},
	{"ciphers, HIGH", `own(['ciphers' => 'HIGH:!aNULL:!kRSA:!PSK:!SRP']);`},
	{"ciphers, all excluded", `own(['ciphers' => 'ALL:!ALL']);`},
	{"ciphers, NUL", `own(['ciphers' => "ECDHE-ECDSA-AES128-GCM-SHA256\0NONE"]);`},
	{"ciphers, commands", `foreach (['ALL:@STRENGTH', 'ALL:@NOTHING', '@SECLEVEL=7:ALL', '@SECLEVEL=3:ALL', 'ALL:@SECLEVEL=', '@', '!', 'ALL:+', 'ALL+'] as $list) { echo "\n$list\n"; both(['ciphers' => $list]); }`},
	{"ciphers, of TLS 1.3", `own(['ciphers' => 'TLS_AES_256_GCM_SHA384']); own(['ciphers' => 'TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES128-GCM-SHA256']);`},
	{"ciphers, int", `own(['ciphers' => 7]);`},
	{"ciphers, array", `own(['ciphers' => ['ALL']]);`},
	{"ciphers, object", `both(['ciphers' => new Text('ECDHE-ECDSA-AES128-GCM-SHA256')], [], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT], true);`},
	{"ciphers, object without text", `own(['ciphers' => new stdClass]);`},
	{"ciphers, object that throws", `own(['ciphers' => new Thrower]);`},
	{"ciphers, ends that do not meet", `both(['ciphers' => 'ECDHE-ECDSA-AES128-GCM-SHA256'], ['ciphers' => 'ECDHE-ECDSA-AES256-GCM-SHA384'], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);`},
	{"ciphers, ends that meet in TLS 1.3", `both(['ciphers' => 'ECDHE-ECDSA-AES128-GCM-SHA256'], ['ciphers' => 'ECDHE-ECDSA-AES256-GCM-SHA384']);`},
	{"ciphers, other kind than the certificate's", `both(['ciphers' => 'ECDHE-RSA-AES128-GCM-SHA256'], [], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);
		both([], ['ciphers' => 'ECDHE-RSA-AES128-GCM-SHA256'], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);`},
	{"ciphers, static key and certificate of EC", `both(['ciphers' => 'AES128-GCM-SHA256'], [], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);`},
	{"ciphers, of a server without certificate", `both(['local_cert' => GONE], [], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]); both(['local_cert' => GONE]);`},
	{"ciphers, DHE only", `both(['local_cert' => "$f/rsa.pem", 'ciphers' => 'DHE-RSA-AES128-GCM-SHA256'], [], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);`},
	{"ciphers, aNULL", `both(['ciphers' => 'aNULL:@SECLEVEL=0'], ['ciphers' => 'aNULL:@SECLEVEL=0'], ['client' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);`},
	{"ciphers, very long", `both(['ciphers' => str_repeat('NONE:', 20000) . 'ALL']);`},

	{"security_level, of servers", `foreach ([0, 1, 2, 3, '1', '2x'] as $level) { echo "\n$level\n"; both(['security_level' => $level]); both(['security_level' => $level, 'local_cert' => "$f/rsa.pem"]); }`},
	{"security_level, of clients", `foreach ([0, 1, 2, 3, '1', '2x'] as $level) { echo "\n$level\n"; both([], ['security_level' => $level]); both(['local_cert' => "$f/rsa.pem"], ['security_level' => $level]); }`},
	{"security_level, RSA of 3072 bits", `foreach ([2, 3] as $level) both(['security_level' => $level, 'local_cert' => "$f/rsa3072.pem"], ['security_level' => $level, 'cafile' => "$f/rsa3072.crt"]);`},
	{"security_level, 4", `both(['security_level' => 4, 'local_cert' => "$f/p384.pem"], ['cafile' => "$f/p384.crt"]);`},
	{"security_level, 5", `both(['security_level' => 5, 'local_cert' => "$f/p521.pem"], ['cafile' => "$f/p521.crt"]);`},
	{"security_level, 4, too much", `both(['security_level' => 4]);`},
	{"security_level, odd values", `foreach ([-1, 6, 'x', null, '', true, 1.9, [], [7], PHP_INT_MAX, 1 << 32] as $level) { echo "\n", shown($level), "\n"; own(['security_level' => $level]); }`},
	{"security_level, object", `both(['security_level' => new stdClass]);`},
	{"security_level, and in ciphers", `both(['ciphers' => 'DEFAULT@SECLEVEL=3', 'local_cert' => "$f/rsa.pem", 'security_level' => 1]);
		both(['ciphers' => 'DEFAULT:@SECLEVEL=3', 'local_cert' => "$f/rsa.pem"]); both(['ciphers' => 'DEFAULT:@SECLEVEL=0', 'local_cert' => "$f/weak.pem"], ['ciphers' => 'DEFAULT:@SECLEVEL=0', 'cafile' => "$f/weak.crt"]);`},
	{"honor_cipher_order, true", `both(['honor_cipher_order' => true]); both([], ['honor_cipher_order' => true]);`},
	{"honor_cipher_order, false", `both(['honor_cipher_order' => false]);`},
	{"honor_cipher_order, false, client", `both([], ['honor_cipher_order' => false]);`},
}

// tlsVersionOptions are of crypto_method, its argument, the options of versions and the
// transports.
var tlsVersionOptions = []tlsOption{
	{"crypto_method, all of clients", `foreach (['SSLv2', 'SSLv3', 'SSLv23', 'ANY', 'TLS', 'TLSv1_0', 'TLSv1_1', 'TLSv1_2', 'TLSv1_3'] as $name) {
		echo "\n$name\n"; both(['security_level' => 0], ['security_level' => 0], ['client' => constant("STREAM_CRYPTO_METHOD_{$name}_CLIENT"), 'server' => STREAM_CRYPTO_METHOD_ANY_SERVER]); }`},
	{"crypto_method, all of servers", `foreach (['SSLv2', 'SSLv3', 'SSLv23', 'ANY', 'TLS', 'TLSv1_0', 'TLSv1_1', 'TLSv1_2', 'TLSv1_3'] as $name) {
		echo "\n$name\n"; both(['security_level' => 0], ['security_level' => 0], ['server' => constant("STREAM_CRYPTO_METHOD_{$name}_SERVER"), 'client' => STREAM_CRYPTO_METHOD_ANY_CLIENT]); }`},
	{"crypto_method, default level", `foreach (['TLSv1_0', 'TLSv1_1'] as $name) { both([], [], ['client' => constant("STREAM_CRYPTO_METHOD_{$name}_CLIENT")]); both([], [], ['server' => constant("STREAM_CRYPTO_METHOD_{$name}_SERVER")]); }`},
	{"crypto_method, holes", `both(['security_level' => 0], ['security_level' => 0], ['client' => STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT | STREAM_CRYPTO_METHOD_TLSv1_3_CLIENT, 'server' => STREAM_CRYPTO_METHOD_TLSv1_1_SERVER]);`},
	{"crypto_method, of the other end", `both([], [], ['client' => SERVER]); both([], [], ['server' => CLIENT]);`},
	{"crypto_method, nonsense", `foreach ([0, 1, 2, 3, 128, 129, 1023, -1, -2, 1 << 32, PHP_INT_MAX, PHP_INT_MIN] as $method) { echo "\n$method\n"; both([], [], ['client' => $method]); both([], [], ['server' => $method]); }`},
	{"crypto_method, option", `foreach ([CLIENT, STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT, STREAM_CRYPTO_METHOD_TLSv1_3_CLIENT, (string) STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT, 33.0, 0, 1, 'x', '', null, true, [], -1, 128] as $method) {
		echo "\n", shown($method), "\n"; dial("ssl://$tls", ['crypto_method' => $method]); }`},
	{"crypto_method, option, object", `dial("ssl://$tls", ['crypto_method' => new stdClass]);`},
	{"crypto_method, option, server", `foreach ([SERVER, STREAM_CRYPTO_METHOD_TLSv1_2_SERVER, STREAM_CRYPTO_METHOD_TLSv1_3_SERVER, STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT, (string) STREAM_CRYPTO_METHOD_TLSv1_2_SERVER, 0, 1, 'x', null, true, []] as $method) {
		echo "\n", shown($method), "\n"; serve(['crypto_method' => $method]); }`},
	{"crypto_method, option instead of the argument", `foreach ([STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT, 0, 'x', null, '33', [], true] as $method) {
		$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(['crypto_method' => $method])); stream_set_timeout($c, 0, 100_000);
		try { var_dump(stream_socket_enable_crypto($c, true), stream_get_meta_data($c)['crypto']['protocol'] ?? null); } catch (Throwable $e) { echo get_class($e), $e->getMessage(), "\n"; } }`},
	{"crypto_method, option and the argument", `$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, client_context(['crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]));
		var_dump(stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLSv1_3_CLIENT), stream_get_meta_data($c)['crypto']['protocol']);`},
	{"crypto_method, none", `$c = stream_socket_client("tcp://$tls"); foreach ([[], [null], ['x'], [1.5], [[]]] as $method) { try { var_dump(stream_socket_enable_crypto($c, true, ...$method)); } catch (Throwable $e) { echo get_class($e), ' ', $e->getMessage(), "\n"; } }`},
	{"crypto_method, and transport", `dial("tlsv1.2://$tls", ['crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_3_CLIENT]); dial("tls://$tls", ['crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);`},
	{"min_proto_version", `foreach ([STREAM_CRYPTO_PROTO_TLSv1_0, STREAM_CRYPTO_PROTO_TLSv1_2, STREAM_CRYPTO_PROTO_TLSv1_3, STREAM_CRYPTO_PROTO_SSLv3, '32', 'x', 0, -1, null, [], 3, 1 << 40, 1.5] as $version) {
		echo "\n", shown($version), "\n"; both(['min_proto_version' => $version]); both([], ['min_proto_version' => $version]); }`},
	{"max_proto_version", `foreach ([STREAM_CRYPTO_PROTO_TLSv1_0, STREAM_CRYPTO_PROTO_TLSv1_2, STREAM_CRYPTO_PROTO_TLSv1_3, STREAM_CRYPTO_PROTO_SSLv3, '32', 'x', 0, -1, null, [], 3, 1 << 40] as $version) {
		echo "\n", shown($version), "\n"; both(['max_proto_version' => $version]); both([], ['max_proto_version' => $version]); }`},
	{"min_proto_version above max_proto_version", `own(['min_proto_version' => STREAM_CRYPTO_PROTO_TLSv1_3, 'max_proto_version' => STREAM_CRYPTO_PROTO_TLSv1_2]);`},
	{"min_proto_version and max_proto_version", `both(['min_proto_version' => STREAM_CRYPTO_PROTO_TLSv1_0, 'max_proto_version' => STREAM_CRYPTO_PROTO_TLSv1_1, 'security_level' => 0], ['security_level' => 0, 'min_proto_version' => STREAM_CRYPTO_PROTO_TLSv1_0]);`},
	{"transports of versions", `foreach (['tlsv1.0', 'tlsv1.1', 'tlsv1.2', 'tlsv1.3', 'tls', 'ssl', 'sslv2', 'sslv3'] as $transport) foreach (['v10' => $v10, 'v11' => $v11, 'v12' => $v12, 'v13' => $v13] as $name => $address) {
		echo "\n$transport to $name\n"; dial("$transport://$address"); dial("$transport://$address", ['security_level' => 0]); }`},
	{"transports of servers", `foreach (['tlsv1.0', 'tlsv1.1', 'tlsv1.2', 'tlsv1.3', 'tls', 'ssl'] as $transport) { echo "\n$transport\n"; serve([], $transport); }`},
	{"transports", `print_r(stream_get_transports()); print_r(array_filter(get_defined_constants(), fn($name) => str_starts_with($name, 'STREAM_CRYPTO'), ARRAY_FILTER_USE_KEY));`},
}
