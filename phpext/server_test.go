package phpext_test

import (
	"context"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/phpext/phpexttest"
	"github.com/phpsock/phpsock/resources"
)

// refused checks all that a failed stream_socket_server or stream_socket_client shows.
func refused(t *testing.T, r phpexttest.Result, address string, code int64, text string, before ...string) {
	t.Helper()
	require.Nil(t, r.Throw)
	require.Equal(t, phpext.Bool(false), r.Value)
	shown := text
	if shown == "" {
		shown = "Unknown error"
	}
	want := append(before, "Warning: "+name(r)+"(): Unable to connect to "+address+" ("+shown+")")
	require.Equal(t, want, r.Texts())
	require.Equal(t, phpext.Int(code), r.Refs["error_code"])
	require.Equal(t, phpext.String(text), r.Refs["error_message"])
}

// name returns the function whose errors r holds.
func name(r phpexttest.Result) string {
	_, after, _ := strings.Cut(r.Errors[0].String(), ": ")
	before, _, _ := strings.Cut(after, "()")
	return before
}

type resolver map[string][]string

func (r resolver) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if host == "slow" {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	texts, ok := r[host]
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	var addrs []netip.Addr
	for _, text := range texts {
		addrs = append(addrs, netip.MustParseAddr(text))
	}
	return addrs, nil
}

func withResolver(s *phpext.Sockets) {
	s.Resolver = resolver{"one.test": {"127.0.0.1"}, "two.test": {"127.0.0.9", "127.0.0.1"}}
}

func TestServer(t *testing.T) {
	dir := t.TempDir()
	tests := []struct {
		address, name string
		flags         int
		transport     resources.Transport
		kind          resources.Kind
	}{
		{"tcp://127.0.0.1:0", "127.0.0.1:", 12, resources.TCP, resources.KindListener},
		{"127.0.0.1:0", "127.0.0.1:", 12, resources.TCP, resources.KindListener},
		{"tcp://127.0.0.1:0", "127.0.0.1:", 4, resources.TCP, resources.KindBound},
		{"tcp://one.test:0", "127.0.0.1:", 12, resources.TCP, resources.KindListener},
		{"udp://127.0.0.1:0", "127.0.0.1:", 4, resources.UDP, resources.KindBound},
		{"unix://" + dir + "/a", dir + "/a", 12, resources.Unix, resources.KindListener},
		{"udg://" + dir + "/b", dir + "/b", 4, resources.Udg, resources.KindBound},
		{"tcp://127.0.0.1:0", "", 0, resources.TCP, resources.KindUnbound},
		{"udp://not even parsed", "", 8, resources.UDP, resources.KindUnbound},
	}
	for _, tt := range tests {
		t.Run(tt.address, func(t *testing.T) {
			e := sockets(t, withResolver)
			r := e.Call("stream_socket_server", tt.address, "x", "y", tt.flags)
			require.Empty(t, r.Texts())
			require.Equal(t, phpext.Int(0), r.Refs["error_code"])
			require.Equal(t, phpext.String(""), r.Refs["error_message"])
			require.Len(t, r.Effects, 2)
			s := socketOf(t, e, r.Value)
			require.Equal(t, tt.transport, s.Transport())
			require.Equal(t, tt.kind, s.Kind())
			require.True(t, strings.HasPrefix(s.Local(), tt.name), s.Local())
		})
	}
}

// What PHP is told about the stream is seen on the outcome itself.
func TestServerNewStream(t *testing.T) {
	table := resources.NewTable()
	defer table.CloseAll()
	rows, err := phpext.NewTable((&phpext.Sockets{Table: table}).Functions()...)
	require.NoError(t, err)
	row, _ := rows.Lookup("stream_socket_server")
	for flags, want := range map[int64]phpext.NewStream{
		12: {Server: true}, 4: {Server: true}, 0: {}, 8: {}, 28: {Server: true, NoDefaultContext: true},
	} {
		args := []phpext.Value{phpext.String("tcp://127.0.0.1:0"), phpext.Null(), phpext.Null(), phpext.Int(flags)}
		out := phpext.NewCall(row, phpext.Env{Args: args}).Start()
		got := *out.Value.Stream()
		require.Equal(t, got.Handle, got.Socket.Handle())
		require.NotZero(t, got.Handle)
		got.Socket, got.Handle = nil, 0
		require.Equal(t, want, got)
	}
}

func TestServerFails(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	gai := "php_network_getaddresses: getaddrinfo for %s failed: Name or service not known"
	noName := func(host string) string { return strings.Replace(gai, "%s", host, 1) }
	const enable = `" - did you forget to enable it when you configured PHP?`

	tests := []struct {
		address string
		flags   int
		code    int64
		text    string
		before  []string
		shown   string // the address in the warning, where it is another
	}{
		{address: "tcp://" + taken.Addr().String(), code: 98, text: "Address already in use"},
		{address: "tcp://192.0.2.1:0", code: 99, text: "Cannot assign requested address"},
		{address: "unix://" + file, code: 98, text: "Address already in use"},
		{address: "unix://" + dir + "/no/x", code: 2, text: "No such file or directory"},
		{address: "udg://" + file, flags: 4, code: 98, text: "Address already in use"},
		{address: "udp://127.0.0.1:0", code: 95, text: "Operation not supported"},
		{address: "udg://" + dir + "/listen", code: 95, text: "Operation not supported"},
		{address: "", text: `Failed to parse address ""`},
		{address: "tcp://127.0.0.1", text: `Failed to parse address "127.0.0.1"`},
		{address: "tcp://[::1]80", text: `Failed to parse IPv6 address "[::1]80"`},
		{address: "tcp://a\x00b:1", text: "The hostname must not contain null bytes", shown: "tcp://a"},
		{address: "nope://x", text: `Unable to find the socket transport "nope` + enable},
		{address: "TCP://x:1", text: `Unable to find the socket transport "TCP` + enable},
		{address: strings.Repeat("x", 40) + "://", text: `Unable to find the socket transport "` + strings.Repeat("x", 31) + enable},
		{address: "tcp://nohost.test:1", text: noName("nohost.test"),
			before: []string{"Warning: stream_socket_server(): " + noName("nohost.test")}},
		{address: "tcp://:80", text: noName(""), before: []string{"Warning: stream_socket_server(): " + noName("")}},
	}
	for _, tt := range tests {
		t.Run(tt.address, func(t *testing.T) {
			e := sockets(t, withResolver)
			if tt.flags == 0 {
				tt.flags = 12
			}
			if tt.shown == "" {
				tt.shown = tt.address
			}
			r := e.Call("stream_socket_server", tt.address, nil, nil, tt.flags)
			refused(t, r, tt.shown, tt.code, tt.text, tt.before...)
			require.Equal(t, !strings.Contains(tt.text, "socket transport"), r.FailedStream)
			require.Zero(t, e.Sockets.Len())
		})
	}
}

func TestServerOrderOfEffects(t *testing.T) {
	e := sockets(t)
	address := "unix:///nowhere/" + strings.Repeat("x", 200)
	r := e.Call("stream_socket_server", address, nil, nil)
	require.Equal(t, []phpext.Effect{
		{Kind: phpext.EffectSetRef, Param: 1, Value: phpext.Int(0)},
		{Kind: phpext.EffectSetRef, Param: 2, Value: phpext.String("")},
		{Kind: phpext.EffectError, Level: phpext.Notice,
			Text: "socket path exceeded the maximum allowed length of 107 bytes and was truncated"},
		{Kind: phpext.EffectError, Level: phpext.Warning,
			Text: "Unable to connect to " + address + " (No such file or directory)"},
		{Kind: phpext.EffectSetRef, Param: 1, Value: phpext.Int(2)},
		{Kind: phpext.EffectSetRef, Param: 2, Value: phpext.String("No such file or directory")},
	}, r.Effects)
}

func TestServerNumericHostNeedsNoWait(t *testing.T) {
	e := sockets(t)
	r := e.Call("stream_socket_server", "tcp://127.1:0")
	require.Empty(t, r.Waits)
	require.Equal(t, resources.KindListener, socketOf(t, e, r.Value).Kind())
}

func TestServerOtherTransports(t *testing.T) {
	e := sockets(t, func(s *phpext.Sockets) {
		s.Transports = func() []string { return []string{"tcp", "tls", "other"} }
	})
	require.True(t, e.Call("stream_socket_server", "other://127.0.0.1:0").Original)
	require.True(t, e.Call("stream_socket_client", "tls://127.0.0.1:1").Original)
	require.False(t, e.Call("stream_socket_server", "ssl://127.0.0.1:0").Original, "the engine does not have it")
	listener := socketOf(t, e, succeed(t, e, "stream_socket_server", "tls://127.0.0.1:0"))
	require.Equal(t, resources.KindListener, listener.Kind(), "TLS is only on what it accepts")
	taken := e.Call("stream_socket_server", "tls://"+listener.Local(), nil, nil)
	refused(t, taken, "tls://"+listener.Local(), int64(syscall.EADDRINUSE), "Address already in use")
	r := e.Call("stream_socket_server", "udp://127.0.0.1:0", nil, nil)
	require.Contains(t, r.Refs["error_message"].Text(), `socket transport "udp"`, "the engine has it no more")
}

func TestServerOptions(t *testing.T) {
	options := func(t *testing.T, address string, flags int, o map[string]any) *resources.Socket {
		e := sockets(t)
		return socketOf(t, e, succeed(t, e, "stream_socket_server", address, nil, nil, flags, streamContext(t, o)))
	}
	get := func(t *testing.T, s *resources.Socket, level, option int) int {
		n, err := unix.GetsockoptInt(s.FD(), level, option)
		require.NoError(t, err)
		return n
	}
	s := options(t, "tcp://127.0.0.1:0", 12, map[string]any{"so_reuseport": "yes", "tcp_nodelay": true, "so_broadcast": true})
	require.Equal(t, 1, get(t, s, unix.SOL_SOCKET, unix.SO_REUSEADDR))
	require.Equal(t, 1, get(t, s, unix.SOL_SOCKET, unix.SO_REUSEPORT))
	require.Zero(t, get(t, s, unix.SOL_SOCKET, unix.SO_BROADCAST), "udp alone")
	require.Zero(t, get(t, s, unix.IPPROTO_TCP, unix.TCP_NODELAY), "not of listeners")

	s = options(t, "tcp://127.0.0.1:0", 12, map[string]any{"so_reuseport": "0"})
	require.Zero(t, get(t, s, unix.SOL_SOCKET, unix.SO_REUSEPORT))

	s = options(t, "udp://127.0.0.1:0", 4, map[string]any{"so_broadcast": 1})
	require.Equal(t, 1, get(t, s, unix.SOL_SOCKET, unix.SO_BROADCAST))

	if probe, err := net.Listen("tcp6", "[::1]:0"); err == nil {
		probe.Close()
		s = options(t, "tcp://[::1]:0", 12, map[string]any{"ipv6_v6only": true})
		require.Equal(t, 1, get(t, s, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY))
		s = options(t, "tcp://[::]:0", 12, map[string]any{"ipv6_v6only": 0})
		require.Zero(t, get(t, s, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY))
	}
}

func TestServerBacklog(t *testing.T) {
	dir := t.TempDir()
	for text, backlog := range map[string]any{"int": 0, "string": "0x9", "null": nil} {
		e := sockets(t)
		path := dir + "/" + text
		succeed(t, e, "stream_socket_server", "unix://"+path, nil, nil, 12, streamContext(t, map[string]any{"backlog": backlog}))
		fds := 0
		for range 3 {
			fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
			require.NoError(t, err)
			defer unix.Close(fd)
			if unix.Connect(fd, &unix.SockaddrUnix{Name: path}) == nil {
				fds++
			}
		}
		require.Equal(t, 1, fds, "a queue of 0 takes one")
	}
}

func TestServerDefaultContext(t *testing.T) {
	e := sockets(t)
	e.DefaultContext = streamContext(t, map[string]any{"so_reuseport": true})
	e.DefaultContext.Default = true
	reuse := func(flags int) int {
		s := socketOf(t, e, succeed(t, e, "stream_socket_server", "tcp://127.0.0.1:0", nil, nil, flags))
		n, err := unix.GetsockoptInt(s.FD(), unix.SOL_SOCKET, unix.SO_REUSEPORT)
		require.NoError(t, err)
		return n
	}
	require.Equal(t, 1, reuse(12))
	require.Zero(t, reuse(12|phpext.FileNoDefaultContext))
}

func TestServerResolverRefuses(t *testing.T) {
	e := sockets(t, func(s *phpext.Sockets) { s.Resolver = policy{} })
	r := e.Call("stream_socket_server", "tcp://secret.test:1", nil, nil)
	refused(t, r, "tcp://secret.test:1", 13, "not on my watch")
}

type policy struct{}

func (policy) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return nil, &resources.Error{Op: "resolve", Errno: syscall.EACCES, Text: "not on my watch"}
}

func TestServerCancelledWhileResolving(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	e := sockets(t, withResolver)
	e.Context = ctx
	cancel()
	require.True(t, e.Call("stream_socket_server", "tcp://slow:1").Cancelled)
	require.Zero(t, e.Sockets.Len())
}
