package main

import (
	"bufio"
	"io"
	"net"
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
	for _, args := range [][]string{nil, {"what"}, {"send"}, {"connect", "127.0.0.1:1"}} {
		require.ErrorIs(t, serve(args), errServe)
	}
	require.Error(t, serve([]string{"send", "many"}))
	require.NoError(t, serve([]string{"nothing"}))
}
