package bridge_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources/secure"
)

// started is a host function by which a script tells where it listens.
func started(addresses chan<- string) phpext.Function {
	return phpext.Function{Prototype: "listening(string $address): void", Call: func(c *phpext.Call) (phpext.Value, error) {
		addresses <- c.Text(0)
		return phpext.Null(), nil
	}}
}

// serveOnce is a script without a certificate that answers $n clients with one line each.
const serveOnce = `
	$s = stream_socket_server($address, $no, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
		stream_context_create(['ssl' => $options ?? []])) ?: exit($text);
	listening(stream_socket_get_name($s, false));
	for ($i = 0; $i < $n; $i++) {
		if (!$c = stream_socket_accept($s, 10)) continue;
		fwrite($c, stream_get_meta_data($c)['crypto']['alpn_protocol'] ?? 'no ALPN');
		fclose($c);
	}`

// askTLSServer connects n times and returns what the server said and the last state.
func askTLSServer(t *testing.T, address string, n int, config *tls.Config) (string, tls.ConnectionState) {
	t.Helper()
	var said strings.Builder
	var state tls.ConnectionState
	for range n {
		conn, err := tls.DialWithDialer(&net.Dialer{Timeout: patience}, "tcp", address, config)
		require.NoError(t, err)
		_ = conn.SetDeadline(time.Now().Add(patience))
		b, err := io.ReadAll(conn)
		require.NoError(t, err)
		said.Write(b)
		state = conn.ConnectionState()
		require.NoError(t, conn.Close())
	}
	return said.String(), state
}

func (id identity) pool(t testing.TB) *x509.CertPool {
	t.Helper()
	leaf, err := x509.ParseCertificate(id.Certificate.Certificate[0])
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return pool
}

// The host's certificate is found by the address, or by a name, and sessions are resumed.
func TestTLSConfigOfTheHost(t *testing.T) {
	id := newIdentity(t)
	id.OCSPStaple = []byte("good for now")
	config := &tls.Config{Certificates: []tls.Certificate{id.Certificate}}
	fixed := reservePort(t)
	for name, tt := range map[string]struct {
		configs secure.Configs
		vars    map[string]any
	}{
		"by address":        {secure.Configs{Servers: map[string]*tls.Config{fixed: config}}, map[string]any{"address": "tls://" + fixed}},
		"by port":           {secure.Configs{Servers: map[string]*tls.Config{fixed[strings.LastIndex(fixed, ":"):]: config}}, map[string]any{"address": "ssl://" + fixed}},
		"on all interfaces": {secure.Configs{Servers: map[string]*tls.Config{"0.0.0.0" + fixed[strings.LastIndex(fixed, ":"):]: config}}, map[string]any{"address": "tlsv1.3://0.0.0.0" + fixed[strings.LastIndex(fixed, ":"):]}},
		"for all addresses": {secure.Configs{Servers: map[string]*tls.Config{"": config}}, map[string]any{"address": "tls://127.0.0.1:0"}},
		"by name":           {secure.Configs{Named: map[string]*tls.Config{"web": config}}, map[string]any{"address": "tls://127.0.0.1:0", "options": map[string]any{"host_config": "web"}}},
		"with the script's protocols": {secure.Configs{Servers: map[string]*tls.Config{"": config}},
			map[string]any{"address": "tls://127.0.0.1:0", "options": map[string]any{"alpn_protocols": "h2,http/1.1"}}},
	} {
		t.Run(name, func(t *testing.T) {
			addresses, done := make(chan string, 1), make(chan string, 1)
			e := start(t, bridge.Config{TLS: tt.configs, Functions: []phpext.Function{started(addresses)}})
			tt.vars["n"] = 2
			go func() {
				out, _, err := run(t, e, bridge.Request{Code: serveOnce, Vars: tt.vars})
				if err != nil {
					out += err.Error()
				}
				done <- out
			}()
			client := &tls.Config{
				RootCAs: id.pool(t), ServerName: "localhost", NextProtos: []string{"http/1.1"},
				ClientSessionCache: tls.NewLRUClientSessionCache(1),
			}
			address := strings.Replace(<-addresses, "0.0.0.0", "127.0.0.1", 1)
			said, state := askTLSServer(t, address, 2, client)
			require.Empty(t, <-done)
			want := "no ALPN"
			if tt.vars["options"] != nil && strings.Contains(name, "protocols") {
				want = "http/1.1"
			}
			require.Equal(t, want+want, said)
			require.True(t, state.DidResume)
			require.Equal(t, id.Certificate.Certificate[0], state.PeerCertificates[0].Raw)
			require.Equal(t, id.OCSPStaple, state.OCSPResponse)
			requireClean(t, e)
		})
	}
}

// reservePort gives an address on which nobody listens.
func reservePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

func TestTLSConfigUnknown(t *testing.T) {
	e := start(t, bridge.Config{})
	out := output(t, e, `$c = stream_socket_client('tcp://`+serveConns(t, hold)+`', $no, $text, 5, STREAM_CLIENT_CONNECT,
			stream_context_create(['ssl' => ['host_config' => 'web']]));
		var_dump(@stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT)); echo error_get_last()['message'];`)
	require.Equal(t, "bool(false)\nstream_socket_enable_crypto(): ssl option host_config: the host has no configuration of the name 'web'", out)
}

// A client of the host's has its trust, and its certificate, without the script's knowing.
func TestTLSConfigOfClients(t *testing.T) {
	server, client := newIdentity(t), newIdentity(t)
	peers := make(chan string, 4)
	address := serveConns(t, func(raw net.Conn) {
		conn := tls.Server(raw, &tls.Config{
			Certificates: []tls.Certificate{server.Certificate}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: client.pool(t),
		})
		if err := conn.Handshake(); err != nil {
			peers <- "no handshake"
			return
		}
		peers <- conn.ConnectionState().PeerCertificates[0].Subject.CommonName
		echoTLS(conn)
	})
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	e := start(t, bridge.Config{TLS: secure.Configs{Clients: map[string]*tls.Config{
		":" + port: {RootCAs: server.pool(t), Certificates: []tls.Certificate{client.Certificate}},
	}}})
	out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"address": address, "port": port}, Code: `
		foreach (["ssl://localhost:$port", "tlsv1.2://$address"] as $to) {
			$c = stream_socket_client($to, $no, $text, 5, STREAM_CLIENT_CONNECT, stream_context_create(['ssl' => ['capture_peer_cert' => true]]));
			fwrite($c, 'ping'); echo fread($c, 4), isset(stream_context_get_options($c)['ssl']['peer_certificate']) ? ' captured' : '', "\n";
		}
		var_dump(@stream_socket_client("ssl://$address", $no, $text, 5, STREAM_CLIENT_CONNECT,
			stream_context_create(['ssl' => ['peer_fingerprint' => str_repeat('0', 40)]])));
		echo error_get_last()['message'];`})
	require.NoError(t, err)
	require.Equal(t, "ping captured\nping captured\nbool(false)\nstream_socket_client(): Unable to connect to ssl://"+address+" (Unknown error)", out)
	for range 3 {
		require.Equal(t, "localhost", <-peers)
	}
}

// asking is a GetCertificate that takes as long as the test wants.
type asking struct {
	asked  chan context.Context
	answer chan *tls.Certificate
}

func (a *asking) config() secure.Configs {
	return secure.Configs{Servers: map[string]*tls.Config{"": {GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		a.asked <- hello.Context()
		select {
		case certificate := <-a.answer:
			return certificate, nil
		case <-hello.Context().Done():
			return nil, hello.Context().Err()
		}
	}}}}
}

// A certificate that has to be fetched first holds up its connection, within its limits,
// and can be waited for no longer.
func TestTLSConfigThatIsSlow(t *testing.T) {
	id := newIdentity(t)
	serve := func(t *testing.T, code string) (a *asking, e *bridge.Engine, address string, cancel func(), done chan string) {
		a = &asking{asked: make(chan context.Context, 1), answer: make(chan *tls.Certificate)}
		addresses := make(chan string, 1)
		e = start(t, bridge.Config{TLS: a.config(), Functions: []phpext.Function{started(addresses)}})
		ctx, cancel := context.WithCancel(t.Context())
		done = make(chan string, 1)
		go func() {
			var out bytes.Buffer
			_, err := e.Run(ctx, bridge.Request{Code: code, Output: &out, Log: &out, Vars: map[string]any{"address": "tcp://127.0.0.1:0"}})
			if err != nil && !errors.Is(err, context.Canceled) {
				out.WriteString(err.Error())
			}
			done <- out.String()
		}()
		return a, e, <-addresses, cancel, done
	}
	const accept = `$s = stream_socket_server($address); listening(stream_socket_get_name($s, false)); $c = stream_socket_accept($s, 10); `
	const blocking = accept + `var_dump(stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_SERVER)); fwrite($c, 'hello');`
	const inSteps = accept + `stream_set_blocking($c, false);
		while (($done = stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_SERVER)) === 0) {
			$r = [$c]; $w = $x = null; stream_select($r, $w, $x, 10);
		}
		var_dump($done); fwrite($c, 'hello');`
	for name, code := range map[string]string{"blocking": blocking, "in steps": inSteps} {
		t.Run(name, func(t *testing.T) {
			a, _, address, _, done := serve(t, code)
			go func() {
				<-a.asked
				time.Sleep(20 * time.Millisecond) // longer than the engine looks on
				a.answer <- &id.Certificate
			}()
			said, _ := askTLSServer(t, address, 1, &tls.Config{RootCAs: id.pool(t), ServerName: "localhost"})
			require.Equal(t, "hello", said)
			require.Equal(t, "bool(true)\n", <-done)
		})
		t.Run(name+", cancelled", func(t *testing.T) {
			a, e, address, cancel, done := serve(t, code)
			conn, err := net.Dial("tcp", address)
			require.NoError(t, err)
			defer conn.Close()
			go func() { _ = tls.Client(conn, &tls.Config{InsecureSkipVerify: true}).Handshake() }()
			ctx := <-a.asked
			cancel()
			require.Empty(t, <-done)
			select {
			case <-ctx.Done():
			case <-time.After(patience):
				require.Fail(t, "nobody told the configuration")
			}
			requireClean(t, e)
		})
	}
	t.Run("time limit", func(t *testing.T) {
		a, e, address, _, done := serve(t, accept+`stream_set_timeout($c, 0, 100_000);
			var_dump(@stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_SERVER)); echo error_get_last()['message'];`)
		conn, err := net.Dial("tcp", address)
		require.NoError(t, err)
		defer conn.Close()
		go func() { _ = tls.Client(conn, &tls.Config{InsecureSkipVerify: true}).Handshake() }()
		<-a.asked
		require.Equal(t, "bool(false)\nstream_socket_enable_crypto(): SSL: Handshake timed out", <-done)
		requireClean(t, e)
	})
}

// A configuration that panics is an Error in the script, and in the host's log.
func TestTLSConfigThatPanics(t *testing.T) {
	var log bytes.Buffer
	e := start(t, bridge.Config{
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
		TLS: secure.Configs{Clients: map[string]*tls.Config{"": {
			InsecureSkipVerify: true, VerifyConnection: func(tls.ConnectionState) error { panic("at the disco") },
		}}},
	})
	out := output(t, e, `$c = stream_socket_client('tcp://`+serveTLS(t, newIdentity(t), echoTLS)+`');
		try { stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT); } catch (Error $e) { echo $e->getMessage(), "\n"; }
		var_dump(@stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT));`)
	require.Contains(t, out, "at the disco\nbool(false)\n")
	require.Contains(t, log.String(), "TestTLSConfigThatPanics")
	requireClean(t, e)
}
