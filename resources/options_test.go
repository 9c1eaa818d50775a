package resources

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// each gives one socket of every kind that is made with these options: a server
// and a client of every transport, and what the stream servers accept.
func each(t *testing.T, o Options) map[string]*Socket {
	t.Helper()
	dir := t.TempDir()
	sockets := map[string]*Socket{"tcp server": listen(t, o), "udp server": bind(t, UDP, o)}
	for _, transport := range []Transport{Unix, Udg} {
		s, err := BindUnix(transport, dir+"/"+string(transport), o)
		require.NoError(t, err)
		closing(t, s)
		sockets[string(transport)+" server"] = s
	}
	require.NoError(t, sockets["unix server"].Listen(1))
	for _, transport := range []Transport{TCP, UDP, Unix, Udg} {
		server := sockets[string(transport)+" server"]
		var d *Dial
		if transport == TCP || transport == UDP {
			d = NewDial(transport, ports(server), loopback[0], o, false)
		} else {
			d = NewDialUnix(transport, server.Local(), o, false)
		}
		client, err := dial(t, d)
		require.NoError(t, err)
		sockets[string(transport)+" client"] = client
		if transport == TCP || transport == Unix {
			require.True(t, poll(t, server.FD(), unix.POLLIN, patience))
			accepted, _, err := server.Accept()
			require.NoError(t, err)
			closing(t, accepted)
			sockets[string(transport)+" accepted"] = accepted
		}
	}
	return sockets
}

func isTCP(s *Socket) bool { return s.Transport() == TCP }

func TestKeepAlive(t *testing.T) {
	system := listen(t, Options{})
	idle := option(t, system, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE)
	interval := option(t, system, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL)
	count := option(t, system, unix.IPPROTO_TCP, unix.TCP_KEEPCNT)
	for name, c := range map[string]struct {
		given, want KeepAlive
	}{
		"none":    {KeepAlive{}, KeepAlive{false, idle, interval, count}},
		"on":      {KeepAlive{Enabled: true}, KeepAlive{true, idle, interval, count}},
		"all":     {KeepAlive{true, 61, 11, 4}, KeepAlive{true, 61, 11, 4}},
		"numbers": {KeepAlive{Idle: 30, Count: 3}, KeepAlive{false, 30, interval, 3}},
		"refused": {KeepAlive{true, -1, 1 << 20, 1000}, KeepAlive{true, idle, interval, count}},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, s := range each(t, Options{KeepAlive: c.given}) {
				enabled := option(t, s, unix.SOL_SOCKET, unix.SO_KEEPALIVE) != 0
				if !isTCP(s) {
					require.False(t, enabled, kind)
					continue
				}
				require.Equal(t, c.want, KeepAlive{
					Enabled:  enabled,
					Idle:     option(t, s, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE),
					Interval: option(t, s, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL),
					Count:    option(t, s, unix.IPPROTO_TCP, unix.TCP_KEEPCNT),
				}, kind)
			}
		})
	}
}

func TestLinger(t *testing.T) {
	for name, c := range map[string]struct {
		given int
		want  unix.Linger
	}{
		"none":     {0, unix.Linger{}},
		"negative": {-1, unix.Linger{}},
		"seconds":  {8, unix.Linger{Onoff: 1, Linger: 8}},
		"too long": {MaxLinger + 1, unix.Linger{Onoff: 1, Linger: MaxLinger}},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, s := range each(t, Options{Linger: c.given}) {
				want := c.want
				if !isTCP(s) {
					want = unix.Linger{}
				}
				got, err := unix.GetsockoptLinger(s.FD(), unix.SOL_SOCKET, unix.SO_LINGER)
				require.NoError(t, err)
				require.Equal(t, want, *got, kind)
			}
		})
	}
}

func TestBuffers(t *testing.T) {
	const doubled = 2 // by the kernel
	system := each(t, Options{})
	for kind, s := range each(t, Options{Buffers: Buffers{Receive: 16384, Send: 20480}}) {
		receive, send := doubled*16384, doubled*20480
		if kind == "unix accepted" {
			// Made by the kernel when the client connects, not from the listener.
			receive = option(t, system[kind], unix.SOL_SOCKET, unix.SO_RCVBUF)
			send = option(t, system[kind], unix.SOL_SOCKET, unix.SO_SNDBUF)
		}
		require.Equal(t, receive, option(t, s, unix.SOL_SOCKET, unix.SO_RCVBUF), kind)
		require.Equal(t, send, option(t, s, unix.SOL_SOCKET, unix.SO_SNDBUF), kind)
	}
	for kind, s := range each(t, Options{Buffers: Buffers{Send: 20480}}) {
		if kind == "udp server" {
			require.Equal(t, option(t, system[kind], unix.SOL_SOCKET, unix.SO_RCVBUF), option(t, s, unix.SOL_SOCKET, unix.SO_RCVBUF))
			require.Equal(t, doubled*20480, option(t, s, unix.SOL_SOCKET, unix.SO_SNDBUF))
		}
	}
}

func TestNoReuseAddr(t *testing.T) {
	for _, transport := range []Transport{TCP, UDP} {
		require.Equal(t, 1, option(t, bind(t, transport, Options{}), unix.SOL_SOCKET, unix.SO_REUSEADDR))
		require.Zero(t, option(t, bind(t, transport, Options{NoReuseAddr: true}), unix.SOL_SOCKET, unix.SO_REUSEADDR))
	}
}
