package main

import (
	"bufio"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConnections(t *testing.T) {
	tests := map[string]struct {
		handle     func(net.Conn)
		send, want string
	}{
		"echo":  {echo, "abc", "abc"},
		"lines": {lines, "first\nsecond\n\nthird\n\n", "first\nthird\n"},
		"send":  {func(c net.Conn) { bulk(c, []byte("12345678"), true) }, "", "12345678"},
		"fetch": {func(c net.Conn) { servePieces(c, make([]byte, 8), true) }, "g", strings.Repeat("g\x00\x00\x00\x00\x00\x00\x00", pieceSize/8)},
		"store": {func(c net.Conn) { servePieces(c, make([]byte, 8), false) }, strings.Repeat("12345678", pieceSize/4), "11"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, server := net.Pipe()
			done := make(chan struct{})
			go func() {
				defer close(done)
				defer server.Close()
				tt.handle(server)
			}()
			go func() { _, _ = io.WriteString(client, tt.send) }()
			got := make([]byte, len(tt.want))
			_, err := io.ReadFull(bufio.NewReader(client), got)
			require.NoError(t, err)
			require.Equal(t, tt.want, string(got))
			require.NoError(t, client.Close())
			<-done
		})
	}
}

func TestServeRefuses(t *testing.T) {
	for _, args := range [][]string{nil, {"what"}, {"send"}, {"connect", "127.0.0.1:1"}, {"tls-what"}, {"tls-echo"}, {"tls-send", "x"}} {
		require.ErrorIs(t, serve(args), errServe)
	}
	require.Error(t, serve([]string{"send", "many"}))
	require.Error(t, serve([]string{"tls-receive", "x.pem", "many"}))
	for _, args := range [][]string{{"tls-accept", "x.pem"}, {"tls-connect", "x.pem", "127.0.0.1:1", "1"}} {
		require.ErrorIs(t, serve(args), os.ErrNotExist)
	}
	require.NoError(t, serve([]string{"nothing"}))
}

// What the Go programs do that are no servers.
func TestServeOnce(t *testing.T) {
	require.NoError(t, serve([]string{"start"}))
	require.ErrorContains(t, serve([]string{"fetch", "127.0.0.1:1", "1"}), "refused")
	require.Error(t, serve([]string{"fetch", "127.0.0.1:1", "soon"}))
	require.Error(t, serve([]string{"udp", t.TempDir()}), "no name for a socket")
}
