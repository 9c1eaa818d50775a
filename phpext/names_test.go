package phpext_test

import (
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
)

func TestGetName(t *testing.T) {
	e := sockets(t)
	path := t.TempDir() + "/s"
	listener, client := connect(t, e, "tcp://127.0.0.1:0")
	conn := succeed(t, e, "stream_socket_accept", listener)
	local := succeed(t, e, "stream_socket_get_name", listener, false)
	unixListener, unixClient := connect(t, e, "unix://"+path)
	unixConn := succeed(t, e, "stream_socket_accept", unixListener)
	abstract := succeed(t, e, "stream_socket_server", "unix://")
	unbound := succeed(t, e, "stream_socket_client", "tcp://x", nil, nil, nil, 0)
	end, _ := pairOf(t, e, 1)
	no := phpext.Bool(false)
	tests := []struct {
		name          string
		v             phpext.Value
		local, remote phpext.Value
	}{
		{"listener", listener, local, no},
		{"client", client, phpext.String(socketOf(t, e, client).Local()), local},
		{"accepted", conn, local, phpext.String(socketOf(t, e, client).Local())},
		{"unix listener", unixListener, phpext.String(path), no},
		{"unix client", unixClient, no, phpext.String(path)},
		{"unix accepted", unixConn, phpext.String(path), no},
		{"abstract", abstract, no, no},
		{"unbound", unbound, no, no},
		{"pair", end, no, no},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.local, succeed(t, e, "stream_socket_get_name", tt.v, false))
			require.Equal(t, tt.remote, succeed(t, e, "stream_socket_get_name", tt.v, true))
		})
	}
	e.Errno = syscall.ENOTCONN
	require.Equal(t, no, succeed(t, e, "stream_socket_get_name", conn, true))
	requireThrow(t, e.Call("stream_socket_get_name", conn), "ArgumentCountError",
		"stream_socket_get_name() expects exactly 2 arguments, 1 given")
}

func TestShutdown(t *testing.T) {
	e := sockets(t)
	a, b := pairOf(t, e, 1)
	yes, no := phpext.Bool(true), phpext.Bool(false)
	require.Equal(t, yes, succeed(t, e, "stream_socket_shutdown", a, phpext.StreamShutWR))
	require.Equal(t, yes, succeed(t, e, "stream_socket_shutdown", a, phpext.StreamShutWR), "again")
	require.Equal(t, phpext.String(""), succeed(t, e, "stream_socket_recvfrom", b, 5))
	listener := succeed(t, e, "stream_socket_server", "tcp://127.0.0.1:0")
	require.Equal(t, yes, succeed(t, e, "stream_socket_shutdown", listener, phpext.StreamShutRDWR))
	udp := succeed(t, e, "stream_socket_server", "udp://127.0.0.1:0", nil, nil, 4)
	require.Equal(t, no, succeed(t, e, "stream_socket_shutdown", udp, phpext.StreamShutRD))
	unbound := succeed(t, e, "stream_socket_server", "tcp://x", nil, nil, 0)
	require.Equal(t, no, succeed(t, e, "stream_socket_shutdown", unbound, phpext.StreamShutRD))
	e.Errno = syscall.ENOTCONN
	require.Equal(t, no, succeed(t, e, "stream_socket_shutdown", b, phpext.StreamShutRD))

	const mode = "stream_socket_shutdown(): Argument #2 ($mode) must be one of STREAM_SHUT_RD, STREAM_SHUT_WR, or STREAM_SHUT_RDWR"
	e.CloseStream(b)
	for _, m := range []int{-1, 3} {
		requireThrow(t, e.Call("stream_socket_shutdown", b, m), "ValueError", mode)
	}
	requireThrow(t, e.Call("stream_socket_shutdown", b, 0), "TypeError",
		"stream_socket_shutdown(): supplied resource is not a valid stream resource")
	requireThrow(t, e.Call("stream_socket_shutdown", nil, 9), "TypeError",
		"stream_socket_shutdown(): Argument #1 ($stream) must be of type resource, null given")
}

func TestPair(t *testing.T) {
	e := sockets(t)
	a, b := pairOf(t, e, 2)
	require.NotEqual(t, a.Resource().Handle, b.Resource().Handle)
	require.Equal(t, resources.KindPair, socketOf(t, e, a).Kind())
	succeed(t, e, "stream_socket_sendto", a, "one")
	succeed(t, e, "stream_socket_sendto", a, "two")
	require.Equal(t, "one", succeed(t, e, "stream_socket_recvfrom", b, 99).Text())
	require.Equal(t, "two", succeed(t, e, "stream_socket_recvfrom", b, 99).Text())

	for domain, text := range map[int]string{
		2:         "[95]: Operation not supported",
		77:        "[97]: Address family not supported by protocol",
		1<<32 + 2: "[95]: Operation not supported",
	} {
		r := e.Call("stream_socket_pair", domain, 1, 0)
		require.Equal(t, phpext.Bool(false), r.Value)
		require.Equal(t, []string{"Warning: stream_socket_pair(): Failed to create sockets: " + text}, r.Texts())
	}
}

func TestGetTransports(t *testing.T) {
	require.Equal(t, `["tcp", "udp", "unix", "udg"]`, succeed(t, sockets(t), "stream_get_transports").String())
	e := sockets(t, func(s *phpext.Sockets) {
		s.Transports = func() []string { return strings.Fields("tcp ssl tlsv1.3") }
	})
	require.Equal(t, `["tcp", "ssl", "tlsv1.3"]`, succeed(t, e, "stream_get_transports").String())
	require.Equal(t, "[]", succeed(t, sockets(t, func(s *phpext.Sockets) {
		s.Transports = func() []string { return nil }
	}), "stream_get_transports").String())
}
