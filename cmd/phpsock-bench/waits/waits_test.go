package waits

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Every row can be told apart, says when it waits, and has a peer with all that its
// script asks for.
func TestAll(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range All() {
		t.Run(w.Name, func(t *testing.T) {
			require.False(t, seen[w.Name])
			seen[w.Name] = true
			require.True(t, strings.HasPrefix(w.Name, "cancel-"), "all can be chosen together")
			require.NotEmpty(t, w.What)
			require.Equal(t, 1, strings.Count(w.Code, "echo"), "it prints")
			require.Contains(t, w.Code, "echo 'up';")
			p := &Peer{}
			if w.Peer != nil {
				var err error
				p, err = w.Peer()
				require.NoError(t, err)
			}
			for _, name := range []string{"address", "path", "cert"} {
				if strings.Contains(w.Code, "$"+name) {
					require.Contains(t, p.Vars, name)
				}
			}
			p.Close()
			p.Close()
		})
	}
}

func TestCloseComesFirst(t *testing.T) {
	p := &Peer{}
	p.Close()
	closed := false
	p.onClose(func() { closed = true })
	require.True(t, closed, "what a connection brings when the peer is closed is closed at once")
}

func TestNoRoom(t *testing.T) {
	p, err := noRoom()
	require.NoError(t, err)
	defer p.Close()
	address := p.Vars["address"].(string)
	_, err = net.DialTimeout("tcp4", address, 50*time.Millisecond)
	var failed net.Error
	require.ErrorAs(t, err, &failed)
	require.True(t, failed.Timeout(), err)
	p.Close()
	_, err = net.DialTimeout("tcp4", address, 10*time.Second)
	require.ErrorContains(t, err, "refused")
}

// What a script waits for comes when the peer is closed.
func TestClose(t *testing.T) {
	for name, tt := range map[string]struct {
		peer           func() (*Peer, error)
		network, hello string
	}{
		"silent":    {silent, "tcp4", ""},
		"silentTLS": {silentTLS, "tcp4", ""},
		"silentUDP": {silentUDP, "udp4", "hello"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := tt.peer()
			require.NoError(t, err)
			defer p.Close()
			c, err := net.Dial(tt.network, p.Vars["address"].(string))
			require.NoError(t, err)
			defer c.Close()
			buf := make([]byte, 16)
			if tt.hello != "" {
				_, err = c.Write([]byte(tt.hello))
				require.NoError(t, err)
			}
			require.NoError(t, c.SetReadDeadline(time.Now().Add(30*time.Millisecond)))
			_, err = c.Read(buf)
			var failed net.Error
			require.ErrorAs(t, err, &failed)
			require.True(t, failed.Timeout(), "it is silent")
			p.Close()
			require.NoError(t, c.SetReadDeadline(time.Now().Add(10*time.Second)))
			n, err := c.Read(buf)
			require.Equal(t, tt.hello, string(buf[:n]))
			if tt.hello == "" {
				require.Error(t, err)
				require.NotErrorIs(t, err, context.DeadlineExceeded)
			}
		})
	}
}

func TestResolver(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Resolver{}.LookupNetIP(ctx, "ip", Silent)
	require.ErrorIs(t, err, context.Canceled)

	answered := make(chan struct{})
	go func() {
		defer close(answered)
		_, _ = Resolver{}.LookupNetIP(ctx, "ip", Deaf)
	}()
	select {
	case <-answered:
		require.Fail(t, "it heard")
	case <-time.After(50 * time.Millisecond):
	}
}
