package bridge_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// tlsWords are scripts whose output has to be PHP's, word for word. $plain speaks no TLS,
// $silent nothing at all, $shy closes when it was greeted, $strict wants a certificate, $tls
// echoes; $file has the certificate of the last two.
var tlsWords = []struct{ name, code string }{
	{"refused", `var_dump(stream_socket_client('ssl://127.0.0.1:1', $no, $text, 5), $no, $text);`},
	{"refused, fsockopen", `var_dump(fsockopen('tls://127.0.0.1', 1, $no, $text, 5), $no, $text);`},
	{"refused, asynchronous", `var_dump(stream_socket_client('ssl://127.0.0.1:1', $no, $text, 5, STREAM_CLIENT_CONNECT | STREAM_CLIENT_ASYNC_CONNECT), $no, $text);`},
	{"refused, https", `var_dump(file_get_contents('https://127.0.0.1:1/'));`},
	{"no such name", `var_dump(stream_socket_client('ssl://no-such-name.invalid:1', $no, $text, 5), $no, $text);`},
	{"no port", `var_dump(stream_socket_client('ssl://127.0.0.1', $no, $text, 5), $no, $text);`},
	{"half an address", `var_dump(stream_socket_client('tls://[::1', $no, $text, 5), $no, $text);`},
	{"not bound", `var_dump(stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, stream_context_create(['socket' => ['bindto' => 7]])), $no, $text);`},
	{"no TLS there", `var_dump(stream_socket_client("ssl://$plain", $no, $text, 5), $no, $text);`},
	{"no TLS there, https", `var_dump(file_get_contents("https://$plain/"));`},
	{"nobody there any more", `var_dump(stream_socket_client("ssl://$shy", $no, $text, 5), $no, $text);`},
	{"time limit", `var_dump(stream_socket_client("ssl://$silent", $no, $text, 0.2), $no, $text);`},
	{"time limit of a client", `$c = stream_socket_client("tcp://$silent", $no, $text, 0.2);
		var_dump(stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT), stream_get_meta_data($c)['blocked']);`},
	{"time limit of fsockopen", `$c = fsockopen("tcp://$silent", -1, $no, $text, 0.2);
		var_dump(stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT));`},
	{"time limit of a server", `$c = stream_socket_client("tcp://$silent"); stream_set_timeout($c, 0, 200_000);
		var_dump(stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_SERVER));`},
	{"unknown authority", `var_dump(stream_socket_client("ssl://$tls", $no, $text, 5), $no, $text);`},
	{"other name", `var_dump(stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT,
		stream_context_create(['ssl' => ['cafile' => $file, 'peer_name' => 'other.test']])), $no, $text);`},
	{"other fingerprint", `var_dump(stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT,
		stream_context_create(['ssl' => ['cafile' => $file, 'peer_fingerprint' => str_repeat('0', 40)]])), $no, $text);`},
	{"versions that do not meet", `var_dump(stream_socket_client("tlsv1.0://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT,
		stream_context_create(['ssl' => ['cafile' => $file, 'security_level' => 0]])), $no, $text);`},
	{"handler", `set_error_handler(function ($level, $text) { echo "$level $text\n"; throw new Exception('from the handler'); });
		try { stream_socket_client("ssl://$plain", $no, $text, 5); } catch (Exception $e) { echo $e->getMessage(), ' ', $e->getPrevious()?->getMessage(); }`},
	{"meta data", `$c = stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, stream_context_create(['ssl' => ['cafile' => $file]]));
		var_dump($c, stream_get_meta_data($c)); fwrite($c, 'x'); var_dump(fread($c, 2), feof($c));
		stream_set_timeout($c, 0, 100_000); var_dump(fread($c, 1), stream_get_meta_data($c)['timed_out']); var_dump(fopen('php://memory', 'r'));`},
	{"captured certificate", `$c = stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT,
			stream_context_create(['ssl' => ['cafile' => $file, 'capture_peer_cert' => true, 'peer_name' => 'localhost']]));
		$options = stream_context_get_options($c); var_dump(openssl_x509_parse($options['ssl']['peer_certificate'])['subject']);`},
	{"method of the context", `foreach ([STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT, STREAM_CRYPTO_METHOD_TLSv1_3_SERVER, '64'] as $method) {
		$c = stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, stream_context_create(['ssl' => ['cafile' => $file, 'crypto_method' => $method]]));
		var_dump(stream_get_meta_data($c)['crypto']['protocol']); }`},
	{"session", `$context = stream_context_create(['ssl' => ['cafile' => $file, 'peer_name' => 'localhost']]);
		$open = fn($transport) => stream_socket_client("$transport://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, $context);
		foreach ([$open('ssl'), $open('tcp'), fopen('php://memory', 'r')] as $session) {
			var_dump(stream_socket_enable_crypto($c = $open('tcp'), true, STREAM_CRYPTO_METHOD_TLS_CLIENT, $session));
			fwrite($c, 'x'); var_dump(fread($c, 1));
		}`},
	{"non-blocking", `$c = stream_socket_client("tcp://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, stream_context_create(['ssl' => ['cafile' => $file, 'peer_name' => 'localhost']]));
		stream_set_blocking($c, false);
		while (($done = stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT)) === 0) { $r = [$c]; $w = $x = null; stream_select($r, $w, $x, 5); }
		var_dump($done, fread($c, 1), feof($c), stream_get_meta_data($c)['blocked']);`},
	{"twice, and off", `$c = stream_socket_client("ssl://$tls", $no, $text, 5, STREAM_CLIENT_CONNECT, stream_context_create(['ssl' => ['cafile' => $file]]));
		var_dump(stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT), stream_socket_enable_crypto($c, false), stream_socket_enable_crypto($c, false));`},
	{"plain again after a failure", `$c = stream_socket_client("tcp://$plain"); stream_set_timeout($c, 0, 100_000);
		var_dump(stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT), fread($c, 4), fwrite($c, 'x'), fread($c, 20), fread($c, 20), stream_get_meta_data($c));`},
	{"refused after the handshake", `foreach (['fgets', 'feof'] as $look) {
		$c = stream_socket_client("ssl://$strict", $no, $text, 5, STREAM_CLIENT_CONNECT, stream_context_create(['ssl' => ['cafile' => $file]]));
		$r = [$c]; $w = $x = null; stream_select($r, $w, $x, 5);
		var_dump($look($c), fwrite($c, 'x'), fwrite($c, 'x'), feof($c), fgets($c)); }`},
	{"not on a pair", `[$c] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
		var_dump(stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT), stream_socket_enable_crypto($c, false));`},
	{"off on a listener", `$s = stream_socket_server('tcp://127.0.0.1:0'); var_dump(stream_socket_enable_crypto($s, false));
		$c = stream_socket_client('tcp://' . stream_socket_get_name($s, false)); fwrite($c, 'x'); var_dump(fread(stream_socket_accept($s), 1));`},
	{"listener", `$s = stream_socket_server('ssl://127.0.0.1:0', $no, $text); var_dump($s, $no, $text, stream_get_meta_data($s), stream_socket_get_name($s, true));
		var_dump(stream_socket_accept($s, 0), stream_socket_enable_crypto($s, false), stream_set_blocking($s, false), stream_get_meta_data($s)['blocked']);`},
	{"server without a certificate", tlsSelf(`[]`, `fwrite($c, 'hello')`)},
	{"server that is not spoken TLS to", tlsSelf(`['local_cert' => $file]`, `fwrite($c, "GET / HTTP/1.0\r\n\r\n")`)},
	{"server that is left", tlsSelf(`['local_cert' => $file]`, `fclose($c)`)},
	{"server with a time limit", tlsSelf(`['local_cert' => $file]`, `stream_set_timeout($s, 0, 200_000)`)},
	{"listener in use", `$s = stream_socket_server('ssl://127.0.0.1:0'); $name = stream_socket_get_name($s, false);
		set_error_handler(function ($level, $words) use ($name) { echo str_replace($name, 'NAME', $words), "\n"; });
		var_dump(stream_socket_server("ssl://$name", $no, $text), $text);`},
	{"listener, not here", `var_dump(stream_socket_server('ssl://192.0.2.1:0', $no, $text), $text);`},
	{"listener without a port", `var_dump(stream_socket_server('tls://127.0.0.1', $no, $text), $no, $text);`},
	{"listener of no such name", `var_dump(stream_socket_server('tlsv1.2://no-such-name.invalid:1', $no, $text), $no, $text);`},
	{"listener of nothing", `$s = stream_socket_server('ssl://127.0.0.1:0', $no, $text, 0); var_dump($s, $no, $text, stream_get_meta_data($s), stream_socket_accept($s, 0));`},
	{"unknown transport", `var_dump(stream_socket_server('SSL://127.0.0.1:0', $no, $text), $no, $text);`},
	{"method of the listener's context", `foreach ([STREAM_CRYPTO_METHOD_TLSv1_2_SERVER, 'TLS'] as $method) {
		$s = stream_socket_server('ssl://127.0.0.1:0', $no, $text, 12, stream_context_create(['ssl' => ['local_cert' => $file, 'crypto_method' => $method]]));
		$c = stream_socket_client('tcp://' . stream_socket_get_name($s, false)); stream_set_blocking($c, false);
		$pid = proc_open(['sleep', '0'], [], $pipes); unset($pid);
		fwrite($c, "no TLS at all"); var_dump(stream_socket_accept($s, 5)); }`},
	{"listener, bound only", `$s = stream_socket_server('ssl://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND); var_dump($s, stream_socket_accept($s, 0));`},
	{"not connected", `$c = stream_socket_client("ssl://$tls", $no, $text, 5, 0); var_dump($c, fread($c, 1), fwrite($c, 'x'), feof($c), stream_get_meta_data($c));`},
}

// tlsSelf is a server and a client in one script: the client does something, which is all
// before the server accepts it.
func tlsSelf(options, does string) string {
	return `$s = stream_socket_server('ssl://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
			stream_context_create(['ssl' => ` + options + `]));
		$c = stream_socket_client('tcp://' . stream_socket_get_name($s, false));
		$peer = 'nobody';
		` + does + `;
		var_dump(stream_socket_accept($s, 5, $peer), $peer);`
}

func TestTLSWords(t *testing.T) {
	if oracle(t, `echo extension_loaded('openssl') ? 'yes' : 'no';`) == "no" {
		t.Skip("PHP has no ext/openssl")
	}
	command := buildCommand(t)
	id := newIdentity(t)
	prologue := ""
	for name, value := range map[string]string{
		"file": id.path,
		"tls":  serveTLS(t, id, echoTLS),
		"plain": serveConns(t, func(conn net.Conn) {
			_, _ = conn.Write([]byte("220 plain text here\r\n"))
			hold(conn)
		}),
		"silent": serveConns(t, hold),
		"strict": serveConns(t, func(conn net.Conn) {
			_ = tls.Server(conn, &tls.Config{
				Certificates: []tls.Certificate{id.Certificate}, ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS13,
			}).Handshake()
			hold(conn)
		}),
		"shy": serveConns(t, func(conn net.Conn) {
			_, _ = conn.Read(make([]byte, 4096))
		}),
	} {
		prologue += "$" + name + " = '" + value + "'; "
	}
	for _, tt := range tlsWords {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "script.php")
			require.NoError(t, os.WriteFile(file, []byte("<?php "+prologue+tt.code), 0o600))
			want := oracle(t, "", file)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			got, err := exec.CommandContext(ctx, command, "-n", "-d", "log_errors=0", file).Output()
			if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
				require.NoError(t, err)
			}
			require.Equal(t, want, string(got))
		})
	}
}
