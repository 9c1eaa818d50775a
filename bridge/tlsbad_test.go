package bridge_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// helloOf is what a client of crypto/tls begins with.
func helloOf(t testing.TB) []byte {
	t.Helper()
	here, there := net.Pipe()
	defer here.Close()
	defer there.Close()
	go func() { _ = tls.Client(here, &tls.Config{InsecureSkipVerify: true}).Handshake() }()
	hello := make([]byte, 16<<10)
	n, err := there.Read(hello)
	require.NoError(t, err)
	return hello[:n]
}

func reset(conn net.Conn) {
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

// swollen is a certificate of about a megabyte, which no handshake has room for.
func swollen(t testing.TB) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	for i := range 40_000 {
		template.DNSNames = append(template.DNSNames, fmt.Sprintf("name-number-%d.example", i))
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// strangers connect to a server of TLS and do not keep to it.
func strangers(hello []byte) map[string]func(net.Conn) {
	send := func(b []byte, then func(net.Conn)) func(net.Conn) {
		return func(c net.Conn) { _, _ = c.Write(b); then(c) }
	}
	wait := func(c net.Conn) { _, _ = io.Copy(io.Discard, c); _ = c.Close() }
	leave := func(c net.Conn) { _ = c.Close() }
	all := map[string]func(net.Conn){
		"nothing, and leaves":       leave,
		"nothing, and resets":       reset,
		"HTTP":                      send([]byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), wait),
		"a proxy's request":         send([]byte("CONNECT localhost:443 HTTP/1.1\r\n\r\n"), wait),
		"SSH":                       send([]byte("SSH-2.0-OpenSSH_9.2\r\n"), wait),
		"SSLv2":                     send([]byte{0x80, 0x2e, 1, 0, 2, 0, 21, 0, 0, 0, 16}, wait),
		"zeros":                     send(make([]byte, 4096), wait),
		"an alert":                  send([]byte{21, 3, 1, 0, 2, 2, 40}, wait),
		"a close_notify":            send([]byte{21, 3, 1, 0, 2, 1, 0}, wait),
		"data before a handshake":   send([]byte{23, 3, 3, 0, 5, 'h', 'e', 'l', 'l', 'o'}, wait),
		"a record that is too long": send(append([]byte{22, 3, 1, 0xff, 0xff}, make([]byte, 0xffff)...), wait),
		"an empty record":           send([]byte{22, 3, 1, 0, 0, 22, 3, 1, 0, 0}, leave),
		"many empty records":        send(bytes.Repeat([]byte{22, 3, 1, 0, 0}, 1000), wait),
		"a hello that has no end":   send([]byte{22, 3, 1, 0x40, 0, 1, 0xff, 0xff, 0xff, 3, 3}, leave),
		"a hello of another kind":   send([]byte{22, 3, 1, 0, 4, 2, 0, 0, 0}, wait),
		"a hello, and resets":       send(hello, reset),
		"a hello, and garbage":      send(append(bytes.Clone(hello), bytes.Repeat([]byte{0x5a}, 100)...), wait),
		"two hellos":                send(append(bytes.Clone(hello), hello...), wait),
	}
	for _, part := range []int{1, 4, 5, 6, 9, 43, len(hello) / 2, len(hello) - 1} {
		all[fmt.Sprintf("%d bytes of a hello, and leaves", part)] = send(hello[:part], leave)
		all[fmt.Sprintf("%d bytes of a hello, and resets", part)] = send(hello[:part], reset)
	}
	for _, at := range []int{0, 1, 5, 9, 44, len(hello) / 2} {
		spoilt := bytes.Clone(hello)
		spoilt[at] ^= 0xff
		all[fmt.Sprintf("a hello with a wrong byte at %d", at)] = send(spoilt, leave)
	}
	return all
}

// A server goes on after clients that do not keep to TLS: there is a word about each, or
// none as in PHP, and nothing is left of them.
func TestTLSStrangers(t *testing.T) {
	addresses := make(chan string, 1)
	e := start(t, bridge.Config{Functions: []phpext.Function{started(addresses)}})
	id := newIdentity(t)
	const serve = `
		$s = stream_socket_server('ssl://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
			stream_context_create(['ssl' => ['local_cert' => $file]]));
		stream_set_timeout($s, 10);
		listening(stream_socket_get_name($s, false));
		$words = [];
		set_error_handler(function ($level, $text) { global $words; $words[] = $text; });
		while (true) {
			$words = [];
			$c = stream_socket_accept($s, 10);
			if ($c && ($line = fgets($c)) === "stop\n") break;
			echo json_encode([is_resource($c), $words]), "\n";
		}`
	serving := func(t *testing.T) (string, chan string) {
		done := make(chan string, 1)
		go func() {
			out, _, err := run(t, e, bridge.Request{Code: serve, Vars: map[string]any{"file": id.path}})
			if err != nil {
				out += err.Error()
			}
			done <- out
		}()
		return <-addresses, done
	}
	stop := func(t *testing.T, address string) {
		conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: id.pool(t), ServerName: "localhost"})
		require.NoError(t, err)
		_, err = conn.Write([]byte("stop\n"))
		require.NoError(t, err)
		_ = conn.Close()
	}
	for name, does := range strangers(helloOf(t)) {
		t.Run(name, func(t *testing.T) {
			address, done := serving(t)
			conn, err := net.Dial("tcp", address)
			require.NoError(t, err)
			_ = conn.SetDeadline(time.Now().Add(patience / 2))
			does(conn)
			stop(t, address)
			out := <-done
			require.Contains(t, out, `[false,[`)
			require.Contains(t, out, "Failed to enable crypto")
			require.NotContains(t, out, "internal error", "the words are crypto\\/tls's own")
			require.NotContains(t, out, "timed out")
			requireClean(t, e)
		})
	}
	before, goroutines := openFiles(t), runtime.NumGoroutine()
	address, done := serving(t)
	for range 5 {
		for _, does := range strangers(helloOf(t)) {
			conn, err := net.Dial("tcp", address)
			require.NoError(t, err)
			go does(conn)
		}
	}
	stop(t, address)
	<-done
	requireClean(t, e)
	require.LessOrEqual(t, openFiles(t), before+2) // those of strangers that are about to leave
	for end := time.Now().Add(patience); runtime.NumGoroutine() > goroutines; time.Sleep(time.Millisecond) {
		require.True(t, time.Now().Before(end), "%d goroutines, and %d before", runtime.NumGoroutine(), goroutines)
	}
}

// Who sends a byte now and then does not hold a server up beyond its time limit, nor does
// a server that does so a client.
func TestTLSSlowly(t *testing.T) {
	hello := helloOf(t)
	drip := func(conn net.Conn) {
		for _, b := range hello {
			if _, err := conn.Write([]byte{b}); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	address := serveConns(t, drip)
	addresses := make(chan string, 1)
	e := start(t, bridge.Config{Functions: []phpext.Function{started(addresses)}})
	go func() {
		conn, err := net.Dial("tcp", <-addresses)
		if err == nil {
			drip(conn)
			_ = conn.Close()
		}
	}()
	out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"file": newIdentity(t).path, "address": address}, Code: `
		set_error_handler(function ($level, $text) { echo strtok($text, "\n"), "\n"; });
		$s = stream_socket_server('ssl://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
			stream_context_create(['ssl' => ['local_cert' => $file]]));
		stream_set_timeout($s, 0, 300_000);
		listening(stream_socket_get_name($s, false));
		$begun = microtime(true);
		var_dump(stream_socket_accept($s, 10), microtime(true) - $begun < 3);
		$begun = microtime(true);
		var_dump(stream_socket_client("ssl://$address", $no, $text, 0.3), microtime(true) - $begun < 3);`})
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(out, "SSL: Handshake timed out\n"))
	require.Equal(t, 2, strings.Count(out, "bool(false)\nbool(true)\n"), out)
}

// Certificates that no handshake has room for, keys that are none, and chains without end.
func TestTLSHugeCertificates(t *testing.T) {
	e := start(t, bridge.Config{})
	huge := swollen(t)
	der := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: huge.Certificate[0]})
	secret, err := x509.MarshalPKCS8PrivateKey(huge.PrivateKey)
	require.NoError(t, err)
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	address := serveConns(t, func(raw net.Conn) {
		_ = tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{huge}}).Handshake()
	})
	for name, file := range map[string]string{
		"one of a megabyte": writeFile(t, "huge.pem", string(der)+string(key)),
		"a thousand of it":  writeFile(t, "chain.pem", strings.Repeat(string(der), 30)+string(key)),
	} {
		t.Run(name, func(t *testing.T) {
			out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"file": file, "address": address}, Code: `
				set_error_handler(function ($level, $text) { echo strtok($text, "\n"), "\n"; });
				var_dump(stream_socket_client("ssl://$address", $no, $text, 5));
				$context = stream_context_create(['ssl' => ['local_cert' => $file, 'verify_peer' => false, 'verify_peer_name' => false]]);
				$s = stream_socket_server('tcp://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
				$c = stream_socket_client('tcp://' . stream_socket_get_name($s, false), $no, $text, 5, STREAM_CLIENT_CONNECT,
					stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]));
				$a = stream_socket_accept($s, 5);
				stream_set_blocking($c, false); stream_set_blocking($a, false);
				$x = $y = 0;
				for ($n = 0; $n < 1000 && ($x === 0 || $y === 0) && $x !== false && $y !== false; $n++) {
					if ($x === 0) $x = stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT);
					if ($y === 0) $y = stream_socket_enable_crypto($a, true, STREAM_CRYPTO_METHOD_TLS_SERVER);
				}
				var_dump($x === false || $y === false);`})
			require.NoError(t, err)
			require.Contains(t, out, "Failed to enable crypto\n")
			require.True(t, strings.HasSuffix(out, "bool(true)\n"), out)
			requireClean(t, e)
		})
	}
}

// What comes after the handshake may be no TLS, or stop in the middle.
func TestTLSBrokenOff(t *testing.T) {
	id := newIdentity(t)
	e := start(t, bridge.Config{})
	for name, tt := range map[string]struct {
		breaks func(*tls.Conn)
		words  string
	}{
		"no TLS": {func(c *tls.Conn) {
			_, _ = c.NetConn().Write([]byte("HTTP/1.0 400 Bad Request\r\n\r\n"))
			hold(c.NetConn())
		}, "wrong version number"},
		"half a record": {func(c *tls.Conn) { _, _ = c.NetConn().Write([]byte{23, 3, 3, 0, 50, 1, 2}) }, ""},
		"a spoilt record": {func(c *tls.Conn) {
			_, _ = c.NetConn().Write(append([]byte{23, 3, 3, 0, 50}, make([]byte, 50)...))
			hold(c.NetConn())
		}, "decryption failed or bad record mac"},
		"a FIN and no goodbye": {func(c *tls.Conn) { _ = c.NetConn().(*net.TCPConn).CloseWrite(); hold(c.NetConn()) }, ""},
		"a goodbye and no FIN": {func(c *tls.Conn) { _ = c.CloseWrite(); hold(c.NetConn()) }, ""},
		"a reset":              {func(c *tls.Conn) { reset(c.NetConn()) }, "SSL: Connection reset by peer"},
	} {
		for _, mode := range []string{"blocking", "non-blocking"} {
			t.Run(name+", "+mode, func(t *testing.T) {
				address := serveTLS(t, id, func(c *tls.Conn) {
					_, _ = c.Write([]byte("hello\n"))
					one := make([]byte, 1)
					_, _ = c.Read(one)
					tt.breaks(c)
				})
				out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"address": address, "blocking": mode == "blocking"}, Code: tlsClient + `
					stream_set_blocking($c, $blocking);
					$line = '';
					while ($line === '' || $line === false) { $r = [$c]; $w = $x = null; stream_select($r, $w, $x, 5); $line = fgets($c); }
					echo $line; fwrite($c, '.');
					set_error_handler(function ($level, $text) { echo $text, "\n"; });
					$n = 0;
					do { // feof() would keep to itself what it is the first to see
						$r = [$c]; $w = $x = null;
						if (stream_select($r, $w, $x, 5) !== 1) echo 'nothing came';
						$read = fread($c, 100);
					} while (!feof($c) && $n++ < 100);
					echo $n < 100 ? 'over ' : 'endless ', json_encode($read ?? null), ' ', json_encode(feof($c));`})
				require.NoError(t, err)
				require.Contains(t, out, "hello\n")
				require.Contains(t, out, "over ")
				require.True(t, strings.HasSuffix(out, " true"), out)
				if tt.words == "" {
					require.Equal(t, 1, strings.Count(out, "\n"), out)
				} else {
					require.Contains(t, out, tt.words)
				}
				requireClean(t, e)
			})
		}
	}
}

// A certificate may come through a pipe, but one that says nothing does not stop the engine:
// PHP waits for it.
func TestTLSPipes(t *testing.T) {
	e := start(t, bridge.Config{})
	accept := func(path string) string {
		return output(t, e, `set_error_handler(function ($level, $text) { if (str_contains($text, 'local cert')) { echo 'refused'; } });
			$s = stream_socket_server('ssl://127.0.0.1:0', $no, $text, 12, stream_context_create(['ssl' => ['local_cert' => '`+path+`']]));
			$c = stream_socket_client('tcp://' . stream_socket_get_name($s, false)); fclose($c);
			stream_socket_accept($s, 5); echo '.';`)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, unix.Mkfifo(pipe, 0o600))
	begun := time.Now()
	require.Equal(t, "refused.", accept(pipe), "nobody writes")
	writer, err := os.OpenFile(pipe, os.O_RDWR, 0)
	require.NoError(t, err)
	defer writer.Close()
	require.Equal(t, "refused.", accept(pipe), "somebody could")
	require.Less(t, time.Since(begun), patience)

	certificate, err := os.ReadFile(newIdentity(t).path)
	require.NoError(t, err)
	_, err = writer.Write(certificate)
	require.NoError(t, err)
	fd := int(writer.Fd())
	go func() {
		for n := 1; n > 0; n, _ = unix.IoctlGetInt(fd, unix.TIOCINQ) {
			time.Sleep(time.Millisecond)
		}
		_ = writer.Close()
	}()
	require.Equal(t, ".", accept(pipe))
}
