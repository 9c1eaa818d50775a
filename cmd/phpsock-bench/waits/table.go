package waits

// What scripts begin with. The pieces leave $c, a stream to the peer.
const (
	connected = `$c = stream_socket_client("tcp://$address");`
	secured   = `$trusting = stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);
		$c = stream_socket_client("ssl://$address", $code, $text, $late, STREAM_CLIENT_CONNECT, $trusting);`
	trusting = connected + `foreach (['verify_peer', 'verify_peer_name'] as $o) stream_context_set_option($c, 'ssl', $o, false);`
	// full leaves no room at the peer; what little it may make then does not last.
	full = `$much = str_repeat('x', 1 << 20); stream_set_blocking($c, false); while (@fwrite($c, $much));
		stream_set_blocking($c, true);`
)

// All is the table, in its order. A connect to a unix listener without room is not in it:
// the system refuses it at once.
func All() []Wait {
	return []Wait{
		{
			Name: "cancel-loop", What: "while (true);", Busy: true,
			Code: `echo 'up'; while (true);`,
		},
		{
			Name: "cancel-accept", What: "stream_socket_accept()",
			Code: `$s = stream_socket_server('tcp://127.0.0.1:0'); echo 'up'; stream_socket_accept($s, $late);`,
		},
		{
			Name: "cancel-read", What: "fread()", Peer: silent,
			Code: connected + `echo 'up'; fread($c, 8192);`,
		},
		{
			Name: "cancel-write", What: "fwrite()", Peer: silent,
			Code: connected + full + `echo 'up'; while (fwrite($c, $much));`,
		},
		{
			Name: "cancel-select", What: "stream_select()", Peer: silent,
			Code: connected + `$r = [$c]; $w = $e = null; echo 'up'; stream_select($r, $w, $e, $late);`,
		},
		{
			Name: "cancel-connect", What: "stream_socket_client(), connecting", Peer: noRoom,
			Code: `echo 'up'; stream_socket_client("tcp://$address", $code, $text, $late);`,
		},
		{
			Name: "cancel-dns", What: "stream_socket_client(), looking up a name",
			Code: `echo 'up'; stream_socket_client('tcp://` + Silent + `:1', $code, $text, $late);`,
		},
		{
			Name: "cancel-dns-deaf", What: "the same, the Resolver ignores its context",
			Code: `echo 'up'; stream_socket_client('tcp://` + Deaf + `:1', $code, $text, $late);`,
		},
		{
			Name: "cancel-recvfrom", What: "stream_socket_recvfrom()", Peer: silentUDP,
			Code: `$u = stream_socket_client("udp://$address"); fwrite($u, 'hello'); echo 'up'; stream_socket_recvfrom($u, 1500);`,
		},
		{
			Name: "cancel-sendto", What: "stream_socket_sendto()", Peer: silentUdg,
			Code: `$u = stream_socket_client("udg://$path"); stream_set_blocking($u, false);
				while (@stream_socket_sendto($u, 'x') > 0); stream_set_blocking($u, true);
				echo 'up'; stream_socket_sendto($u, 'x');`,
		},
		{
			Name: "cancel-http", What: "file_get_contents('http://…')", Peer: silent,
			Code: `echo 'up'; file_get_contents("http://$address/");`,
		},
		{
			Name: "cancel-tls-client", What: "stream_socket_enable_crypto(), client", Peer: silent,
			Code: trusting + `echo 'up'; stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT);`,
		},
		{
			Name: "cancel-tls-server", What: "stream_socket_enable_crypto(), server", Peer: certificateFile,
			Code: `$s = stream_socket_server('tcp://127.0.0.1:0', $code, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
				stream_context_create(['ssl' => ['local_cert' => $cert]]));
				$client = stream_socket_client('tcp://' . stream_socket_get_name($s, false)); $c = stream_socket_accept($s);
				stream_set_timeout($c, $late); echo 'up';
				stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_SERVER);`,
		},
		{
			// With the system's certificates: to load them takes PHP some 20 ms, to free them almost one.
			Name: "cancel-tls-connect", What: "stream_socket_client('ssl://…'), handshake", Peer: silent,
			Code: `echo 'up'; stream_socket_client("ssl://$address", $code, $text, $late);`,
		},
		{
			Name: "cancel-tls-dial", What: "stream_socket_client('ssl://…'), connecting", Peer: noRoom,
			Code: `echo 'up'; stream_socket_client("ssl://$address", $code, $text, $late);`,
		},
		{
			Name: "cancel-tls-accept", What: "stream_socket_accept() of ssl://, handshake", Peer: certificateFile,
			Code: `$s = stream_socket_server('ssl://127.0.0.1:0', $code, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
				stream_context_create(['ssl' => ['local_cert' => $cert]]));
				$client = stream_socket_client('tcp://' . stream_socket_get_name($s, false)); echo 'up';
				stream_socket_accept($s, $late);`,
		},
		{
			Name: "cancel-tls-read", What: "fread() of ssl://", Peer: silentTLS,
			Code: secured + `echo 'up'; fread($c, 8192);`,
		},
		{
			Name: "cancel-tls-write", What: "fwrite() to ssl://", Peer: silentTLS,
			Code: secured + full + `echo 'up'; while (fwrite($c, $much));`,
		},
		{
			Name: "cancel-tls-select", What: "stream_select() on ssl://", Peer: silentTLS,
			Code: secured + `$r = [$c]; $w = $e = null; echo 'up'; stream_select($r, $w, $e, $late);`,
		},
		{
			Name: "cancel-tls-upgraded", What: "fread() after stream_socket_enable_crypto()", Peer: silentTLS,
			Code: trusting + `stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT); echo 'up'; fread($c, 8192);`,
		},
		{
			Name: "cancel-sleep", What: "sleep()",
			Code: `echo 'up'; sleep($late);`,
		},
		{
			Name: "cancel-usleep", What: "usleep()",
			Code: `echo 'up'; usleep($late * 1_000_000);`,
		},
		{
			Name: "cancel-nanosleep", What: "time_nanosleep()",
			Code: `echo 'up'; time_nanosleep($late, 0);`,
		},
		{
			Name: "cancel-sleep-until", What: "time_sleep_until()",
			Code: `$end = microtime(true) + $late; echo 'up'; time_sleep_until($end);`,
		},
		{
			Name: "cancel-pipe", What: "fread() from a pipe of proc_open()",
			Code: `$child = proc_open(['timeout', (string) $late, 'cat'], [['pipe', 'r'], ['pipe', 'w']], $pipes);
				echo 'up'; fread($pipes[1], 8192);`,
		},
		{
			Name: "cancel-fifo", What: "fopen() of a pipe that nobody writes to", Peer: fifo,
			Code: `echo 'up'; fopen($path, 'r');`,
		},
		{
			Name: "cancel-flock", What: "flock()", Peer: lockedFile,
			Code: `$f = fopen($path, 'r'); echo 'up'; flock($f, LOCK_EX);`,
		},
	}
}
