package bridge_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// A client that wants to renegotiate is refused, which is the end of the connection, with
// a word about it, and the next client is served.
func TestTLSRenegotiationOfAClient(t *testing.T) {
	addresses, done := make(chan string, 1), make(chan string, 1)
	e := start(t, bridge.Config{Functions: []phpext.Function{started(addresses)}})
	go func() {
		out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"file": newIdentity(t).path}, Code: tlsServer + `
			listening($address);
			set_error_handler(function ($level, $text) { echo $text, "\n"; });
			for ($i = 0; $i < 2; $i++) {
				$c = stream_socket_accept($s, 10);
				echo $line = fgets($c), json_encode(feof($c)), "\n";
				fclose($c);
			}`})
		if err != nil {
			out += err.Error()
		}
		done <- out
	}()
	address := <-addresses
	client := startPeer(t, "openssl", "s_client", "-connect", address, "-tls1_2")
	line := ""
	for !strings.Contains(line, "Extended master secret") { // near the end of what it says of the session
		var err error
		line, err = client.ReadString('\n')
		client.require(t, err)
	}
	_, err := client.WriteString("R\n")
	require.NoError(t, err)
	_, status := client.wait()
	require.Contains(t, client.stderr.String(), "RENEGOTIATING")
	require.NotZero(t, status)

	next := startPeer(t, "openssl", "s_client", "-quiet", "-connect", address, "-tls1_2")
	_, err = next.WriteString("hello\n")
	require.NoError(t, err)
	require.Equal(t, "fgets(): SSL operation failed with code 1. OpenSSL Error messages:\n"+
		"error:0A0000F4:SSL routines::unexpected message\ntrue\nhello\nfalse\n", <-done)
	requireClean(t, e)
}

// A server that wants to gets no for an answer; this one is not content with that and leaves.
func TestTLSRenegotiationOfAServer(t *testing.T) {
	id := newIdentity(t)
	server := startPeer(t, "openssl", "s_server", "-accept", "127.0.0.1:0", "-tls1_2", "-cert", id.path, "-key", id.path, "-naccept", "1")
	line := ""
	for !strings.HasPrefix(line, "ACCEPT ") {
		var err error
		line, err = server.ReadString('\n')
		server.require(t, err)
	}
	started := make(chan string, 1)
	e := start(t, bridge.Config{Functions: []phpext.Function{{
		Prototype: "connected(): void",
		Call: func(*phpext.Call) (phpext.Value, error) {
			started <- ""
			return phpext.Null(), nil
		},
	}}})
	go func() {
		<-started
		_, _ = server.WriteString("r\n") // a HelloRequest
	}()
	out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"address": strings.TrimSpace(strings.TrimPrefix(line, "ACCEPT "))}, Code: tlsClient + `
		set_error_handler(function ($level, $text) { echo $text, "\n"; });
		connected();
		stream_set_timeout($c, 10);
		echo json_encode([fgets($c), feof($c)]);`})
	require.NoError(t, err)
	require.NotContains(t, out, "internal error")
	require.True(t, strings.HasSuffix(out, "[false,true]"), out)
	requireClean(t, e)
}
