package bridge_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

// The policy is asked for what TLS connects to and listens on, before anything happens,
// and again before a persistent connection is used another time.
func TestTLSPolicy(t *testing.T) {
	eachTLS(t, func(t *testing.T, openssl bool) {
		var asked []resources.Attempt
		var reason error
		e := start(t, bridge.Config{OpenSSL: openssl, Policy: func(_ context.Context, a resources.Attempt) error {
			asked = append(asked, a)
			return reason
		}})
		requireTLS(t, e)
		id := newIdentity(t)
		address := serveTLS(t, id, echoTLS)
		persistent := func() string {
			out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"address": address}, INI: map[string]string{"openssl.cafile": id.path},
				Code: `$c = @pfsockopen("ssl://$address", -1, $no, $text); echo "$no $text"; if ($c) { fwrite($c, 'x'); echo fread($c, 1); }`})
			require.NoError(t, err, out)
			return out
		}
		require.Equal(t, "0 x", persistent())
		require.Equal(t, "0 x", persistent())
		reason = errors.New("not today")
		require.Equal(t, "13 not today", persistent())
		require.Len(t, asked, 4, "the first connect, its use, its refused use, the new connect")
		for _, a := range asked {
			require.Equal(t, resources.OpDial, a.Operation)
			require.Equal(t, address, a.Addr.String())
			require.True(t, a.Persistent)
		}
		require.Zero(t, e.Sockets().Len())

		out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"address": address}, Code: `
			foreach (['ssl', 'tls', 'tlsv1.3'] as $transport) {
				var_dump(@stream_socket_client("$transport://$address", $no, $text)); echo "$no $text\n";
				var_dump(@stream_socket_server("$transport://127.0.0.1:0", $no, $text)); echo "$no $text\n";
			}`})
		require.NoError(t, err)
		require.Equal(t, strings.Repeat("bool(false)\n13 not today\n", 6), out)
	})
}

// A server of ssl:// that cannot be made says why in both parameters, as one of tcp:// does.
func TestTLSServerErrno(t *testing.T) {
	eachTLS(t, func(t *testing.T, openssl bool) {
		e := start(t, bridge.Config{OpenSSL: openssl})
		requireTLS(t, e)
		out := output(t, e, `$s = stream_socket_server('ssl://127.0.0.1:0');
			@stream_socket_server('tls://' . stream_socket_get_name($s, false), $no, $text); echo "$no $text\n";
			@stream_socket_server('ssl://192.0.2.1:0', $no, $text); echo "$no $text\n";`)
		require.Equal(t, "98 Address already in use\n99 Cannot assign requested address\n", out)
	})
}

// askTLS says hello to a server and returns its answer.
func askTLS(address string) string {
	dialer := &net.Dialer{Timeout: patience}
	conn, err := tls.DialWithDialer(dialer, "tcp", address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	_, _ = io.WriteString(conn, "hello\n")
	answer, err := io.ReadAll(conn)
	if err != nil {
		return err.Error()
	}
	return string(answer)
}

// oneTLSClient serves one client at $address and says whether names are as they should be.
const oneTLSClient = `
	$s = stream_socket_server("ssl://$address", $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
		stream_context_create(['ssl' => ['local_cert' => $file]])) or die("$no $text");
	$c = stream_socket_accept($s, 10, $peer);
	echo stream_socket_get_name($s, false) === $address && stream_socket_get_name($c, false) === $address
		&& stream_socket_get_name($c, true) === $peer && str_starts_with($peer, '127.0.0.1:') ? 'names' : "$peer?", "\n";
	fwrite($c, strtoupper(fgets($c)));
	echo stream_get_meta_data($c)['crypto']['protocol'], "\n";
	fclose($c);`

// Listeners of the host serve TLS, too, whatever they are made of.
func TestTLSProvided(t *testing.T) {
	eachTLS(t, func(t *testing.T, openssl bool) {
		for name, wrap := range map[string]func(net.Listener) net.Listener{
			"by descriptor": func(l net.Listener) net.Listener { return l },
			"wrapped":       func(l net.Listener) net.Listener { return plain{l} },
		} {
			for _, goOnly := range []bool{false, true} {
				t.Run(name, func(t *testing.T) {
					e := start(t, bridge.Config{OpenSSL: openssl, GoOnly: goOnly})
					requireTLS(t, e)
					l, err := net.Listen("tcp4", "127.0.0.1:0")
					require.NoError(t, err)
					address := l.Addr().String()
					provided, err := e.Provide("tcp://"+address, wrap(l))
					require.NoError(t, err)
					t.Cleanup(func() { _ = provided.Close() })
					answer := make(chan string, 1)
					go func() { answer <- askTLS(address) }()
					out, _, err := run(t, e, bridge.Request{Code: oneTLSClient, Vars: map[string]any{"address": address, "file": newIdentity(t).path}})
					require.NoError(t, err)
					require.Equal(t, "names\nTLSv1.3\n", out)
					require.Equal(t, "HELLO\n", <-answer)
					requireClean(t, e)
				})
			}
		}
	})
}

// What a client of a provided listener says instead of a handshake is refused in PHP's words.
func TestTLSProvidedToStrangers(t *testing.T) {
	var file string
	words := map[bool]string{}
	for _, virtual := range []bool{false, true} {
		e := start(t, bridge.Config{})
		requireTLS(t, e)
		if file == "" {
			file = newIdentity(t).path
		}
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		require.NoError(t, err)
		address := l.Addr().String()
		if virtual {
			l = plain{l}
		}
		provided, err := e.Provide("tcp://"+address, l)
		require.NoError(t, err)
		t.Cleanup(func() { _ = provided.Close() })
		conn, err := net.Dial("tcp", address)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		_, _ = io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n")
		out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"address": address, "file": file}, Code: `
			$s = stream_socket_server("ssl://$address", $no, $text, 12, stream_context_create(['ssl' => ['local_cert' => $file]]));
			var_dump(stream_socket_accept($s, 10)); var_dump(fopen('php://memory', 'r'));`})
		require.NoError(t, err)
		words[virtual] = out
		require.Contains(t, out, "Failed to enable crypto")
		require.NoError(t, e.Close(t.Context()))
	}
	require.Equal(t, words[false], words[true])
}

// A listener that is kept for the next run serves TLS there as well.
func TestTLSKept(t *testing.T) {
	e := start(t, bridge.Config{KeepListeners: true})
	requireTLS(t, e)
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	address := l.Addr().String()
	require.NoError(t, l.Close())
	vars := map[string]any{"address": address, "file": newIdentity(t).path}
	answer := make(chan string, 1)
	for range 3 {
		ask := func() { answer <- askTLS(address) }
		if len(e.Listeners().List()) > 0 {
			go ask() // it waits in the queue
		} else {
			time.AfterFunc(100*time.Millisecond, ask)
		}
		out, _, err := run(t, e, bridge.Request{Code: oneTLSClient, Vars: vars})
		require.NoError(t, err)
		require.Equal(t, "names\nTLSv1.3\n", out)
		require.Equal(t, "HELLO\n", <-answer)
		require.Len(t, e.Listeners().List(), 1)
	}
}

// A TLS server comes to its end when it is drained: it answers whom it has, and accepts
// nobody any more.
func TestTLSDrain(t *testing.T) {
	e := start(t, bridge.Config{})
	requireTLS(t, e)
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	address := l.Addr().String()
	_, err = e.Provide("tcp://"+address, l)
	require.NoError(t, err)
	wait := serve(t, e, `$s = stream_socket_server("ssl://$address", $no, $text, 12, stream_context_create(['ssl' => ['local_cert' => $file]]));
		while ($c = stream_socket_accept($s, -1)) { fwrite($c, strtoupper(fgets($c))); fclose($c); }`,
		map[string]any{"address": address, "file": newIdentity(t).path})
	require.Equal(t, "HELLO\n", askTLS(address))
	conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
	require.NoError(t, err)
	defer conn.Close()
	require.Eventually(t, func() bool { return e.Stats().Accepted == 2 }, patience, time.Millisecond)
	drained := make(chan error, 1)
	go func() { drained <- e.Drain(t.Context()) }()
	require.Eventually(t, func() bool { return e.Stats().Draining }, patience, time.Millisecond)
	_, err = io.WriteString(conn, "last\n")
	require.NoError(t, err)
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	require.Equal(t, "LAST\n", string(answer))
	require.NoError(t, <-drained)
	_, err = wait()
	require.NoError(t, err)
}

// wrapping is a network of the host's own: no connection of it has a descriptor.
type wrapping struct{ net.Dialer }

func (w *wrapping) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := w.Dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return plainConn{conn}, nil
}

// TLS goes over the host's network, and through its rates.
func TestTLSOverTheHost(t *testing.T) {
	eachTLS(t, func(t *testing.T, openssl bool) {
		id := newIdentity(t)
		address := serveTLS(t, id, echoTLS)
		for name, cfg := range map[string]bridge.Config{
			"network": {OpenSSL: openssl, Dialer: &wrapping{}},
			"rates":   {OpenSSL: openssl, Limits: resources.Limits{ReadRate: 10 << 20, WriteRate: 10 << 20}},
		} {
			t.Run(name, func(t *testing.T) {
				e := start(t, cfg)
				requireTLS(t, e)
				out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"address": address, "file": id.path}, Code: `
					$context = stream_context_create(['ssl' => ['cafile' => $file, 'peer_name' => 'localhost']]);
					foreach ([STREAM_CLIENT_CONNECT, STREAM_CLIENT_CONNECT | STREAM_CLIENT_ASYNC_CONNECT] as $flags) {
						$c = stream_socket_client("ssl://$address", $no, $text, 5, $flags, $context);
						$data = random_bytes(300_000);
						for ($back = '', $i = 0; $i < 300_000; $i += 50_000) {
							fwrite($c, substr($data, $i, 50_000));
							while (strlen($back) < $i + 50_000) $back .= fread($c, 8192);
						}
						var_dump($back === $data, stream_socket_get_name($c, true) === $address,
							str_starts_with(stream_socket_get_name($c, false), '127.0.0.1:'), feof($c));
					}
					var_dump(@stream_socket_client('ssl://127.0.0.1:1', $no, $text, 5), "$no $text");`})
				require.NoError(t, err)
				require.Equal(t, strings.Repeat("bool(true)\nbool(true)\nbool(true)\nbool(false)\n", 2)+
					"bool(false)\nstring(22) \"111 Connection refused\"\n", out)
				requireClean(t, e)
			})
		}
	})
}

// The host is told of handshakes, how long they took, and of the plain text that was
// carried.
func TestTLSEvents(t *testing.T) {
	eachTLS(t, func(t *testing.T, openssl bool) {
		var seen recorder
		e := start(t, bridge.Config{OpenSSL: openssl, Observer: seen.observe})
		requireTLS(t, e)
		id := newIdentity(t)
		address := serveTLS(t, id, echoTLS)
		out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"address": address, "file": id.path}, Code: `
			$context = stream_context_create(['ssl' => ['cafile' => $file, 'peer_name' => 'localhost']]);
			$c = stream_socket_client("ssl://$address", $no, $text, 5, STREAM_CLIENT_CONNECT, $context);
			fwrite($c, 'twelve bytes'); echo fread($c, 100); fclose($c);
			$c = stream_socket_client("tcp://$address", $no, $text, 5, STREAM_CLIENT_CONNECT, $context);
			stream_set_blocking($c, false);
			while (($done = stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT)) === 0) usleep(1000);
			var_dump($done); fclose($c);
			var_dump(@stream_socket_client("ssl://$address", $no, $text, 5));
			$c = stream_socket_client("tcp://$address"); stream_set_blocking($c, false);
			stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_SERVER); fclose($c);`})
		require.NoError(t, err)
		require.Equal(t, "twelve bytesbool(true)\nbool(false)\n", out)
		require.Eventually(t, func() bool { return len(seen.of(resources.EventClose)) == 4 }, patience, time.Millisecond)
		var results []string
		for _, ev := range seen.of(resources.EventHandshake) {
			require.Positive(t, ev.Duration)
			require.Equal(t, address, ev.Remote)
			results = append(results, map[bool]string{true: "ok", false: "failed"}[ev.Err == nil])
		}
		require.Equal(t, []string{"ok", "ok", "failed", "failed"}, results)
		closed := seen.of(resources.EventClose)[0]
		require.Equal(t, uint64(12), closed.BytesIn)
		require.Equal(t, uint64(12), closed.BytesOut)
	})
}

// A handshake takes no longer than the host's limit, whatever PHP's own is, blocking or in
// many small steps, as a client or as a server; the stream is as good as before otherwise.
func TestTLSHandshakeLimit(t *testing.T) {
	eachTLS(t, func(t *testing.T, openssl bool) {
		var seen recorder
		e := start(t, bridge.Config{OpenSSL: openssl, Observer: seen.observe, Limits: resources.Limits{HandshakeTimeout: 100 * time.Millisecond}})
		requireTLS(t, e)
		id := newIdentity(t)
		vars := map[string]any{"silent": serveConns(t, hold), "address": serveTLS(t, id, echoTLS), "file": id.path}
		for name, code := range map[string]string{
			"ssl":    `stream_socket_client("ssl://$silent", $no, $text, 1000);`,
			"client": `stream_socket_enable_crypto(fsockopen("tcp://$silent", -1, $no, $text, 1000), true, STREAM_CRYPTO_METHOD_TLS_CLIENT);`,
			"server": `$c = fsockopen("tcp://$silent"); stream_set_timeout($c, 1000); stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_SERVER);`,
			"steps": `$c = fsockopen("tcp://$silent"); stream_set_blocking($c, false);
				while (stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT) === 0) usleep(1000);`,
			"accept": tlsServer + `$c = stream_socket_client("tcp://$address"); stream_socket_accept($s, 1000);`,
		} {
			t.Run(name, func(t *testing.T) {
				before := len(seen.of(resources.EventLimit))
				began := time.Now()
				out, _, err := run(t, e, bridge.Request{Vars: vars, Code: code})
				require.NoError(t, err)
				require.Less(t, time.Since(began), patience/2)
				require.Contains(t, out, "SSL: Handshake timed out")
				require.Eventually(t, func() bool { return len(seen.of(resources.EventLimit)) > before }, patience, time.Millisecond)
				limits := seen.of(resources.EventLimit)
				require.ErrorIs(t, limits[len(limits)-1].Err, syscall.ETIMEDOUT)
				handshakes := seen.of(resources.EventHandshake)
				require.Error(t, handshakes[len(handshakes)-1].Err)
				require.GreaterOrEqual(t, handshakes[len(handshakes)-1].Duration, 100*time.Millisecond)
			})
		}
		out, _, err := run(t, e, bridge.Request{Vars: vars, Code: tlsClient + `
			var_dump(stream_get_meta_data($c)['blocked']); stream_set_timeout($c, 0, 300_000); fread($c, 1);
			fwrite($c, 'x'); var_dump(stream_get_meta_data($c)['timed_out'], fread($c, 1));
			var_dump(@stream_socket_client("ssl://$silent", $no, $text, 0.02));`})
		require.NoError(t, err)
		require.Equal(t, "bool(true)\nbool(true)\nstring(1) \"x\"\nbool(false)\n", out)
		limits := len(seen.of(resources.EventLimit))
		time.Sleep(20 * time.Millisecond)
		require.Len(t, seen.of(resources.EventLimit), limits, "PHP's own limit is not the host's")
	})
}
