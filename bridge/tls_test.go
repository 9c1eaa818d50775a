package bridge_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
)

// requireTLS skips the test where PHP has no ext/openssl.
func requireTLS(t testing.TB, e *bridge.Engine) {
	t.Helper()
	if output(t, e, `echo extension_loaded('openssl') ? 'yes' : 'no';`) == "no" {
		t.Skip("PHP has no ext/openssl")
	}
}

// eachTLS runs a test with the TLS of Go, and with that of PHP, which a host may ask for.
func eachTLS(t *testing.T, test func(t *testing.T, openssl bool)) {
	t.Helper()
	t.Run("crypto/tls", func(t *testing.T) { test(t, false) })
	t.Run("OpenSSL", func(t *testing.T) { test(t, true) })
}

// identity is a certificate that signs itself, for 127.0.0.1, localhost and example.test.
type identity struct {
	tls.Certificate
	path string // of the certificate and its key, as PHP's local_cert and cafile take it
}

func newIdentity(t testing.TB) identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
		DNSNames: []string{"localhost", "example.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})) +
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
	pair, err := tls.X509KeyPair([]byte(text), []byte(text))
	require.NoError(t, err)
	return identity{Certificate: pair, path: writeFile(t, "identity.pem", text)}
}

// serveConns accepts connections on loopback until the test is over and gives each to handle,
// after which it is closed. It returns the address.
func serveConns(t testing.TB, handle func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	var conns sync.WaitGroup
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(func() {
		stop()
		_ = listener.Close()
		conns.Wait()
	})
	conns.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
				defer conn.Close()
				handle(conn)
			})
		}
	})
	return listener.Addr().String()
}

// serveTLS is serveConns for connections whose handshake is done.
func serveTLS(t testing.TB, id identity, handle func(*tls.Conn)) string {
	t.Helper()
	return serveConns(t, func(raw net.Conn) {
		conn := tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{id.Certificate}})
		if conn.Handshake() == nil {
			handle(conn)
			_ = conn.Close()
		}
	})
}

func echoTLS(conn *tls.Conn) { _, _ = io.Copy(conn, conn) }

// hold keeps a connection open until the peer, or the test, ends it, without a word.
func hold(conn net.Conn) {
	buf := make([]byte, 4096)
	for {
		if _, err := conn.Read(buf); err != nil {
			return
		}
	}
}

// watcher is a host function that lists the sockets of the engine, as the host sees them.
func watcher(e **bridge.Engine) phpext.Function {
	return phpext.Function{Prototype: "sockets(): string", Call: func(*phpext.Call) (phpext.Value, error) {
		var lines []string
		for _, s := range (*e).Sockets().List() {
			lines = append(lines, string(s.Transport)+" "+s.Local+" > "+s.Remote)
		}
		slices.Sort(lines)
		return phpext.String(strings.Join(lines, "\n")), nil
	}}
}

// A client of ssl:// is the host's socket like any other, from its connect to its close.
func TestTLSClientIsListed(t *testing.T) {
	var e *bridge.Engine
	e = startWith(t, watcher(&e))
	requireTLS(t, e)
	id := newIdentity(t)
	address := serveTLS(t, id, echoTLS)
	for _, tt := range []struct{ name, open string }{
		{"ssl", `stream_socket_client("ssl://$address", $no, $text, 5, STREAM_CLIENT_CONNECT, $context)`},
		{"tls", `stream_socket_client("tls://$address", $no, $text, 5, STREAM_CLIENT_CONNECT, $context)`},
		{"tlsv1.2", `stream_socket_client("tlsv1.2://$address", $no, $text, 5, STREAM_CLIENT_CONNECT, $context)`},
		{"tlsv1.3", `stream_socket_client("tlsv1.3://$address", $no, $text, 5, STREAM_CLIENT_CONNECT, $context)`},
		{"asynchronous", `stream_socket_client("ssl://$address", $no, $text, 5, STREAM_CLIENT_CONNECT | STREAM_CLIENT_ASYNC_CONNECT, $context)`},
		{"fsockopen", `fsockopen("ssl://$address")`},
		{"enable_crypto", `(function () use ($address, $context) {
			$s = stream_socket_client("tcp://$address", $no, $text, 5, STREAM_CLIENT_CONNECT, $context);
			stream_socket_enable_crypto($s, true, STREAM_CRYPTO_METHOD_TLS_CLIENT);
			return $s;
		})()`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, _, err := run(t, e, bridge.Request{
				Vars: map[string]any{"address": address, "file": id.path},
				INI:  map[string]string{"openssl.cafile": id.path}, // fsockopen() has no context
				Code: `$context = stream_context_create(['ssl' => ['cafile' => $file, 'peer_name' => 'localhost']]);
					$s = ` + tt.open + `;
					fwrite($s, 'ping');
					echo fread($s, 4), "\n", sockets() === 'tcp ' . stream_socket_get_name($s, false) . ' > ' . $address ? 'listed' : sockets(), "\n";
					fclose($s);
					echo sockets();`,
			})
			require.NoError(t, err)
			require.Equal(t, "ping\nlisted\n", out)
			requireClean(t, e)
		})
	}
}

// Without fclose() the end of the run closes them, in an orderly way.
func TestTLSEndsWithTheRun(t *testing.T) {
	eachTLS(t, func(t *testing.T, openssl bool) {
		e := start(t, bridge.Config{OpenSSL: openssl})
		requireTLS(t, e)
		ended := make(chan error, 1)
		address := serveTLS(t, newIdentity(t), func(conn *tls.Conn) {
			_, _ = conn.Write([]byte("hello")) // what is unread when it closes resets the connection
			_, err := io.ReadAll(conn)         // complains where there is no close_notify
			ended <- err
		})
		out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"address": address}, Code: tlsClient + `fread($c, 5); fwrite($c, 'bye');`})
		require.NoError(t, err, out)
		require.NoError(t, <-ended)
		requireClean(t, e)
	})
}

// tlsClient connects $c to $address, whatever the certificate.
const tlsClient = `$trusting = stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);
	$c = stream_socket_client("ssl://$address", $no, $text, 5, STREAM_CLIENT_CONNECT, $trusting); `

// tlsServer is a listener $s with the certificate in $file, and its address.
const tlsServer = `$s = stream_socket_server('ssl://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
		stream_context_create(['ssl' => ['local_cert' => $file]]));
	$address = stream_socket_get_name($s, false); `

// The listener of ssl:// and what it accepts are the host's, too.
func TestTLSServerIsListed(t *testing.T) {
	addresses, results := make(chan string, 2), make(chan string, 2)
	var e *bridge.Engine
	e = startWith(t, watcher(&e), phpext.Function{
		Prototype: "connect(string $address): void",
		Call: func(c *phpext.Call) (phpext.Value, error) {
			addresses <- c.Text(0)
			return phpext.Null(), nil
		},
	})
	requireTLS(t, e)
	go func() {
		for address := range addresses {
			conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
			if err != nil {
				results <- err.Error()
				continue
			}
			_, _ = conn.Write([]byte("hello\n"))
			b, _ := io.ReadAll(conn)
			_ = conn.Close()
			results <- string(b)
		}
	}()
	defer close(addresses)
	out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"file": newIdentity(t).path}, Code: tlsServer + `
		echo sockets() === "tcp $address > " ? 'listening' : sockets(), "\n";
		for ($i = 0; $i < 2; $i++) {
			connect($address);
			$c = stream_socket_accept($s, 5, $peer);
			echo fgets($c), sockets() === "tcp $address > \ntcp $address > $peer" ? 'accepted' : sockets(), "\n";
			fwrite($c, 'done');
			fclose($c);
			echo sockets() === "tcp $address > " ? 'closed' : sockets(), "\n";
		}
		fclose($s);
		echo sockets();`})
	require.NoError(t, err)
	require.Equal(t, "listening\n"+strings.Repeat("hello\naccepted\nclosed\n", 2), out)
	require.Equal(t, "done", <-results)
	require.Equal(t, "done", <-results)
	requireClean(t, e)
}

// fixed is a resolver that knows one name and keeps what it was asked.
type fixed struct {
	name  string
	asked []string
}

func (f *fixed) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	f.asked = append(f.asked, host)
	if host == f.name {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// Names are looked up by the host, and are what the certificate must be for.
func TestTLSAsksTheResolver(t *testing.T) {
	eachTLS(t, func(t *testing.T, openssl bool) {
		resolver := &fixed{name: "example.test"}
		e := start(t, bridge.Config{OpenSSL: openssl, Resolver: resources.Resolver(resolver)})
		requireTLS(t, e)
		id := newIdentity(t)
		names := make(chan string, 10)
		address := serveConns(t, func(raw net.Conn) {
			conn := tls.Server(raw, &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
				names <- hello.ServerName
				return &id.Certificate, nil
			}})
			if conn.Handshake() == nil {
				_, _ = conn.Write([]byte("HTTP/1.0 200 OK\r\n\r\nwelcome"))
				_ = conn.Close()
			}
		})
		_, port, err := net.SplitHostPort(address)
		require.NoError(t, err)
		out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"port": port, "file": id.path}, Code: `
			stream_context_set_default(['ssl' => ['cafile' => $file]]);
			echo file_get_contents("https://example.test:$port/"), "\n";
			var_dump(@fsockopen('ssl://nowhere.test', (int) $port));`})
		require.NoError(t, err)
		require.Equal(t, "welcome\nbool(false)\n", out)
		require.Equal(t, []string{"example.test", "nowhere.test"}, resolver.asked)
		require.Equal(t, "example.test", <-names)
		requireClean(t, e)
	})
}

// A persistent TLS connection is the same in the next run, and the host can close it.
func TestTLSPersistent(t *testing.T) {
	eachTLS(t, func(t *testing.T, openssl bool) {
		e := start(t, bridge.Config{OpenSSL: openssl})
		requireTLS(t, e)
		id := newIdentity(t)
		address := serveTLS(t, id, echoTLS)
		use := func() string {
			out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"address": address}, INI: map[string]string{"openssl.cafile": id.path}, Code: `
				$c = pfsockopen("ssl://$address");
				fwrite($c, 'ping');
				echo fread($c, 4), ' ', stream_socket_get_name($c, false), ' ', stream_get_meta_data($c)['crypto']['protocol'];`})
			require.NoError(t, err, out)
			return out
		}
		requirePersistence(t, e, use)
	})
}

func TestTLSPersistentIsLimited(t *testing.T) {
	eachTLS(t, func(t *testing.T, openssl bool) {
		e := start(t, bridge.Config{OpenSSL: openssl, MaxPersistent: -1})
		requireTLS(t, e)
		address := serveTLS(t, newIdentity(t), echoTLS)
		out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"address": address}, Code: `
			var_dump(@pfsockopen("ssl://$address", -1, $no, $text)); echo "$no $text";`})
		require.NoError(t, err)
		require.Equal(t, "bool(false)\n24 Too many open files", out)
	})
}

// Much data in both directions, blocking or not, through little room.
func TestTLSTransfer(t *testing.T) {
	eachTLS(t, func(t *testing.T, openssl bool) {
		e := start(t, bridge.Config{OpenSSL: openssl})
		requireTLS(t, e)
		address := serveTLS(t, newIdentity(t), func(conn *tls.Conn) {
			buf := make([]byte, 3000)
			for i := 0; ; i++ {
				if i%100 == 0 {
					time.Sleep(time.Millisecond)
				}
				n, err := conn.Read(buf)
				if err != nil {
					return
				}
				if _, err := conn.Write(buf[:n]); err != nil {
					return
				}
			}
		})
		for name, code := range map[string]string{
			"blocking": `for ($back = '', $i = 0; $i < strlen($data); $i += 100_000) {
					$n = 0;
					while ($n < 100_000) $n += fwrite($c, substr($data, $i + $n, 100_000 - $n));
					while (strlen($back) < $i + 100_000) $back .= fread($c, 8192);
				}`,
			"non-blocking": `stream_set_blocking($c, false);
				for ($back = '', $i = 0; strlen($back) < strlen($data);) {
					$r = [$c]; $w = $i < strlen($data) ? [$c] : null; $x = null;
					stream_select($r, $w, $x, 5);
					if ($w) $i += fwrite($c, substr($data, $i, 50_000));
					$back .= fread($c, 8192);
				}`,
			"a write buffer": `stream_set_chunk_size($c, 1 << 16); stream_set_write_buffer($c, 0);
				for ($back = '', $i = 0; $i < strlen($data); $i += 50_000) {
					fwrite($c, substr($data, $i, 50_000));
					while (strlen($back) < $i + 50_000) $back .= stream_get_contents($c, 50_000 - strlen($back) + $i);
				}`,
		} {
			t.Run(name, func(t *testing.T) {
				out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"address": address}, Code: `
					$trusting = stream_context_create(['socket' => ['so_sndbuf' => 4096], 'ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);
					$c = stream_socket_client("ssl://$address", $no, $text, 5, STREAM_CLIENT_CONNECT, $trusting);
					$data = random_bytes(2_000_000);
					` + code + `
					var_dump($back === $data);`})
				require.NoError(t, err)
				require.Equal(t, "bool(true)\n", out)
			})
		}
		requireClean(t, e)
	})
}

// A child of pcntl_fork() has no Go, but goes on with TLS, and can begin it.
func TestTLSInAChild(t *testing.T) {
	command := buildCommand(t)
	id := newIdentity(t)
	code := `<?php
		if (!function_exists('pcntl_fork')) exit("skip\n");
		$file = '` + id.path + `';
		$address = '` + serveTLS(t, id, echoTLS) + `';
		` + tlsClient + tlsServer + `
		$pids = [];
		if (!($pids[] = pcntl_fork())) {
			for ($i = 0; $i < 2; $i++) { $k = stream_socket_accept($s, 10); fwrite($k, strtoupper(fgets($k))); fclose($k); }
			exit(3);
		}
		if (!($pids[] = pcntl_fork())) {
			fwrite($c, 'from the child'); var_dump(fread($c, 100));
			exit(4);
		}
		pcntl_waitpid($pids[1], $status); var_dump(pcntl_wexitstatus($status));
		for ($i = 0; $i < 2; $i++) {
			$k = stream_socket_client("ssl://$address", $no, $text, 5, STREAM_CLIENT_CONNECT, $trusting);
			fwrite($k, "line $i\n"); echo fgets($k);
		}
		pcntl_waitpid($pids[0], $status); var_dump(pcntl_wexitstatus($status));
		if (!($pid = pcntl_fork())) {
			$n = stream_socket_server('ssl://127.0.0.1:0', $no, $text, 12, stream_context_create(['ssl' => ['local_cert' => $file]]));
			$address = stream_socket_get_name($n, false);
			if (!pcntl_fork()) { $k = stream_socket_client("ssl://$address", $no, $text, 5, 4, $trusting); fwrite($k, "new\n"); fgets($k); exit; }
			$k = stream_socket_accept($n, 10); echo fgets($k); fwrite($k, "\n"); fclose($k);
			exit;
		}
		pcntl_waitpid($pid, $status); var_dump($status);`
	file := writeFile(t, "child.php", code)
	want := oracle(t, "", file)
	if want == "skip\n" {
		t.Skip("PHP has no ext/pcntl")
	}
	done := execute(t, exec.CommandContext(t.Context(), command, "-n", file))
	require.Equal(t, want, done.stdout)
	require.Empty(t, done.stderr)
	require.Contains(t, want, "LINE 1\n")
	require.Contains(t, want, "new\n")
}
