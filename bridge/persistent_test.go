package bridge_test

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
)

// echoServer accepts connections and sends back what they send.
func echoServer(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				buf := make([]byte, 64)
				for {
					n, err := conn.Read(buf)
					if err != nil {
						return
					}
					if _, err := conn.Write(buf[:n]); err != nil {
						return
					}
				}
			}()
		}
	}()
	return listener.Addr().String()
}

const persistentClient = `$c = stream_socket_client($address, $no, $text, 5, STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT);
	fwrite($c, 'ping'); echo fread($c, 4), ' ', stream_socket_get_name($c, false);`

// requirePersistence checks that what use connects to, and tells its own name of, stays
// connected from run to run until the host closes it.
func requirePersistence(t *testing.T, e *bridge.Engine, use func() string) {
	t.Helper()
	first := use()
	require.Contains(t, first, "ping 127.0.0.1:")
	sockets := e.Sockets().List()
	require.Len(t, sockets, 1)
	require.True(t, sockets[0].Persistent)
	require.Equal(t, first, use(), "the same connection")
	require.Equal(t, 1, e.Sockets().Len())
	require.NoError(t, e.ClosePersistent(t.Context()))
	require.Zero(t, e.Sockets().Len())
	require.NotEqual(t, first, use(), "a new connection")
}

// A persistent socket outlives its run, is the same in the next one, and is the host's to
// see and to close.
func TestPersistentSockets(t *testing.T) {
	e := start(t, bridge.Config{})
	vars := map[string]any{"address": "tcp://" + echoServer(t)}
	use := func() string {
		out, _, err := run(t, e, bridge.Request{Code: persistentClient, Vars: vars})
		require.NoError(t, err, out)
		return out
	}
	requirePersistence(t, e, use)
	require.Equal(t, "1", output(t, e, `$c = pfsockopen('`+vars["address"].(string)+`'); echo fclose($c) ? 1 : 0;`))
	require.Equal(t, 1, e.Sockets().Len(), "pfsockopen has its own, and closed it")
}

func TestPersistentSocketsAreLimited(t *testing.T) {
	for limit, want := range map[int]string{1: "ok 24 Too many open files", -1: "24 Too many open files24 Too many open files"} {
		e, err := bridge.Start(t.Context(), bridge.Config{MaxPersistent: limit})
		require.NoError(t, err)
		out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"a": echoServer(t), "b": echoServer(t)}, Code: `
			foreach ([$a, $b] as $address) {
				$c = @stream_socket_client("tcp://$address", $no, $text, 5, STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT);
				echo $c ? 'ok ' : "$no $text";
			}`})
		require.NoError(t, err)
		require.Equal(t, want, out)
		require.NoError(t, e.Close(t.Context()))
	}
}

// A persistent stream that has changed to TLS speaks it in the next run, too.
func TestPersistentSocketsKeepCrypto(t *testing.T) {
	e := start(t, bridge.Config{})
	id := newIdentity(t)
	address := serveTLS(t, id, echoTLS)
	for n := range 3 {
		out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"address": "tcp://" + address, "file": id.path}, Code: `
			$context = stream_context_create(['ssl' => ['cafile' => $file, 'peer_name' => 'localhost']]);
			$c = stream_socket_client($address, $no, $text, 5, STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT, $context);
			if (!isset(stream_get_meta_data($c)['crypto'])) {
				var_dump(stream_socket_enable_crypto($c, true, STREAM_CRYPTO_METHOD_TLS_CLIENT));
			}
			fwrite($c, 'ping'); echo fread($c, 4), ' ', stream_get_meta_data($c)['crypto']['protocol'];`})
		require.NoError(t, err)
		want := "ping TLSv1.3"
		if n == 0 {
			want = "bool(true)\n" + want
		}
		require.Equal(t, want, out)
		require.Equal(t, 1, e.Sockets().Len())
	}
	require.NoError(t, e.ClosePersistent(t.Context()))
	require.Zero(t, e.Sockets().Len())
}
