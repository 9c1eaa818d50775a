package phpext_test

import (
	"context"
	"math"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
)

// listen returns the port of a listener on every loopback address.
func listen(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// closedPort returns a port on which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	return port
}

// fullListener returns the address of a listener that answers no connect: its queue is
// full.
func fullListener(t *testing.T) string {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	t.Cleanup(func() { unix.Close(fd) })
	require.NoError(t, unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	require.NoError(t, unix.Listen(fd, 0))
	name, err := unix.Getsockname(fd)
	require.NoError(t, err)
	for range 2 {
		c, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
		require.NoError(t, err)
		t.Cleanup(func() { unix.Close(c) })
		_ = unix.Connect(c, name)
	}
	return "tcp://" + (&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: name.(*unix.SockaddrInet4).Port}).String()
}

func TestClient(t *testing.T) {
	port := listen(t)
	dir := t.TempDir()
	l, err := net.Listen("unix", dir+"/s")
	require.NoError(t, err)
	defer l.Close()
	tests := []struct {
		address, remote string
		timeout         any
		flags           int
		async           bool
	}{
		{"tcp://127.0.0.1:" + port, "127.0.0.1:" + port, nil, 4, false},
		{"127.0.0.1:" + port, "127.0.0.1:" + port, 0.0, 4, false},
		{"tcp://one.test:" + port, "127.0.0.1:" + port, 5, 4, false},
		{"tcp://two.test:" + port, "127.0.0.1:" + port, 5, 4, false},
		{"tcp://127.0.0.1:" + port, "127.0.0.1:" + port, -1, 2, true},
		{"tcp://127.0.0.1:" + port, "127.0.0.1:" + port, -1, 6, true},
		{"udp://127.0.0.1:9", "127.0.0.1:9", nil, 4, false},
		{"unix://" + dir + "/s", dir + "/s", nil, 4, false},
	}
	for _, tt := range tests {
		t.Run(tt.address, func(t *testing.T) {
			e := sockets(t, withResolver)
			r := e.Call("stream_socket_client", tt.address, 1, "x", tt.timeout, tt.flags)
			require.Empty(t, r.Texts())
			require.Equal(t, phpext.Int(0), r.Refs["error_code"])
			require.Equal(t, phpext.String(""), r.Refs["error_message"])
			s := socketOf(t, e, r.Value)
			require.Equal(t, resources.KindConn, s.Kind())
			require.Equal(t, tt.remote, s.Remote())
			flags, err := unix.FcntlInt(uintptr(s.FD()), unix.F_GETFL, 0)
			require.NoError(t, err)
			require.Equal(t, tt.async, flags&unix.O_NONBLOCK != 0)
		})
	}
}

func TestClientUnconnected(t *testing.T) {
	e := sockets(t)
	v := succeed(t, e, "stream_socket_client", "tcp://no port", nil, nil, 1, 0)
	require.Equal(t, resources.KindUnbound, socketOf(t, e, v).Kind())
}

func TestClientNewStream(t *testing.T) {
	port := listen(t)
	table := resources.NewTable()
	defer table.CloseAll()
	rows, err := phpext.NewTable((&phpext.Sockets{Table: table}).Functions()...)
	require.NoError(t, err)
	row, _ := rows.Lookup("stream_socket_client")
	for flags, want := range map[int64]phpext.NewStream{
		0: {}, 2: {Async: true}, 18: {Async: true, NoDefaultContext: true},
	} {
		args := []phpext.Value{phpext.String("tcp://127.0.0.1:" + port), phpext.Null(), phpext.Null(), phpext.Null(), phpext.Int(flags)}
		out := phpext.NewCall(row, phpext.Env{Args: args}).Start()
		require.Nil(t, out.Await)
		got := *out.Value.Stream()
		got.Socket, got.Handle = nil, 0
		want.Target = "127.0.0.1:" + port
		require.Equal(t, want, got)
	}
}

func TestClientFails(t *testing.T) {
	port := closedPort(t)
	enable := `Unable to find the socket transport "nope" - did you forget to enable it when you configured PHP?`
	noName := "php_network_getaddresses: getaddrinfo for nohost.test failed: Name or service not known"
	long := "unix:///nowhere" + strings.Repeat("y", 200)
	tests := []struct {
		address, shown string
		code           int64
		text           string
		options        map[string]any
		before         []string
	}{
		{address: "tcp://127.0.0.1:" + port, code: 111, text: "Connection refused"},
		{address: "tcp://two.test:" + port, code: 111, text: "Connection refused"},
		{address: "unix:///nowhere", code: 2, text: "No such file or directory"},
		{address: "udg:///nowhere", code: 2, text: "No such file or directory"},
		{address: long, code: 2, text: "No such file or directory",
			before: []string{"Notice: stream_socket_client(): socket path exceeded the maximum allowed length of 107 bytes and was truncated"}},
		{address: "tcp://a\x00'b\\\":1", shown: `tcp://a\0\'b\\\":1`, text: "The hostname must not contain null bytes"},
		{address: "nope://x", text: enable},
		{address: "tcp://nohost.test:1", text: noName, before: []string{"Warning: stream_socket_client(): " + noName}},
		{address: "tcp://127.0.0.1:" + port, text: "local_addr context option is not a string.", options: map[string]any{"bindto": 5}},
		{address: "tcp://nohost.test:" + port, text: "local_addr context option is not a string.", options: map[string]any{"bindto": nil}},
		{address: "tcp://127.0.0.1:" + port, code: 111, text: "Connection refused", options: map[string]any{"bindto": "x:1"},
			before: []string{"Warning: stream_socket_client(): Invalid IP Address: x"}},
		{address: "tcp://127.0.0.1:" + port, code: 111, text: "Connection refused", options: map[string]any{"bindto": "192.0.2.4:80"},
			before: []string{"Warning: stream_socket_client(): Failed to bind to '192.0.2.4:80', system said: Cannot assign requested address"}},
		{address: "tcp://127.0.0.1:" + port, code: 111, text: "Connection refused", options: map[string]any{"bindto": "no port"}},
	}
	for _, tt := range tests {
		t.Run(tt.address, func(t *testing.T) {
			e := sockets(t, withResolver)
			if tt.shown == "" {
				tt.shown = tt.address
			}
			args := []any{tt.address, nil, nil, 5, 4}
			if tt.options != nil {
				args = append(args, streamContext(t, tt.options))
			}
			r := e.Call("stream_socket_client", args...)
			refused(t, r, tt.shown, tt.code, tt.text, tt.before...)
			require.Equal(t, tt.text != enable, r.FailedStream)
			require.Zero(t, e.Sockets.Len())
		})
	}
}

// The address list is ruled out by an IPv4 bindto, and PHP has no words for that.
func TestClientBindToRulesOutAll(t *testing.T) {
	e := sockets(t)
	r := e.Call("stream_socket_client", "tcp://[::1]:1", nil, nil, 1, 4, streamContext(t, map[string]any{"bindto": "127.0.0.1:0"}))
	refused(t, r, "tcp://[::1]:1", 0, "")
}

func TestClientBindTo(t *testing.T) {
	port := listen(t)
	e := sockets(t)
	v := succeed(t, e, "stream_socket_client", "tcp://127.0.0.1:"+port, nil, nil, 5, 4,
		streamContext(t, map[string]any{"bindto": "127.0.0.2:0", "tcp_nodelay": "on"}))
	s := socketOf(t, e, v)
	require.True(t, strings.HasPrefix(s.Local(), "127.0.0.2:"), s.Local())
	n, err := unix.GetsockoptInt(s.FD(), unix.IPPROTO_TCP, unix.TCP_NODELAY)
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

func TestClientBroadcast(t *testing.T) {
	e := sockets(t)
	v := succeed(t, e, "stream_socket_client", "udp://127.0.0.1:9", nil, nil, 5, 4, streamContext(t, map[string]any{"so_broadcast": true}))
	n, err := unix.GetsockoptInt(socketOf(t, e, v).FD(), unix.SOL_SOCKET, unix.SO_BROADCAST)
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

func TestClientTimesOut(t *testing.T) {
	address := fullListener(t)
	tests := []struct {
		name       string
		timeout    any
		ini        int64
		from, upto time.Duration
	}{
		{"zero polls once", 0, 60, 0, 10 * time.Second},
		{"parts of a millisecond are cut", 0.0005, 60, 0, 10 * time.Second},
		{"seconds", 0.06, 60, 60 * time.Millisecond, 10 * time.Second},
		{"null is the default", nil, 0, 0, 10 * time.Second},
		{"negative is the default", -1, 0, 0, 10 * time.Second},
		{"huge is the default", 1e300, 0, 0, 10 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := sockets(t)
			e.DefaultTimeout = tt.ini
			start := time.Now()
			r := e.Call("stream_socket_client", address, nil, nil, tt.timeout)
			refused(t, r, address, 110, "Connection timed out")
			require.GreaterOrEqual(t, time.Since(start), tt.from)
			require.Less(t, time.Since(start), tt.upto)
		})
	}
}

// waits returns how long a client that cannot connect at once is to be waited for.
func waits(t *testing.T, timeout phpext.Value, ini int64) time.Duration {
	t.Helper()
	rows, err := phpext.NewTable((&phpext.Sockets{Table: resources.NewTable()}).Functions()...)
	require.NoError(t, err)
	row, _ := rows.Lookup("stream_socket_client")
	call := phpext.NewCall(row, phpext.Env{DefaultTimeout: ini, Args: []phpext.Value{
		phpext.String(fullListener(t)), phpext.Null(), phpext.Null(), timeout}})
	out := call.Start()
	require.NotNil(t, out.Await)
	require.Nil(t, call.Resume(phpext.ReadyCancelled).Await)
	return out.Await.Timeout
}

func TestClientLimits(t *testing.T) {
	require.Equal(t, 7*time.Second, waits(t, phpext.Null(), 7))
	require.Equal(t, 7*time.Second, waits(t, phpext.Float(-3), 7))
	require.Equal(t, time.Duration(-1), waits(t, phpext.Null(), -1))
	require.Equal(t, 2500*time.Millisecond, waits(t, phpext.Float(2.5), 7))
	require.Equal(t, time.Duration(-1), waits(t, phpext.Float(3e6), 7), "more milliseconds than poll counts")
}

func TestClientTimeoutIsFinite(t *testing.T) {
	e := sockets(t)
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		r := e.Call("stream_socket_client", "tcp://127.0.0.1:1", nil, nil, f)
		requireThrow(t, r, "ValueError", "stream_socket_client(): Argument #4 ($timeout) must be a finite value")
		require.Empty(t, r.Effects)
	}
}

// All addresses share the one limit: the first, which does not answer, uses it up.
func TestClientSharesLimit(t *testing.T) {
	silent := fullListener(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(silent, "tcp://"), ":")
	e := sockets(t, func(s *phpext.Sockets) {
		s.Resolver = resolver{"x.test": {"127.0.0.1", "127.0.0.2"}}
	})
	r := e.Call("stream_socket_client", "tcp://x.test:"+port, nil, nil, 0.05)
	refused(t, r, "tcp://x.test:"+port, 110, "Connection timed out")
	// With time left the second address has the last word.
	e = sockets(t, func(s *phpext.Sockets) {
		s.Resolver = resolver{"x.test": {"127.0.0.2", "127.0.0.1"}}
	})
	r = e.Call("stream_socket_client", "tcp://x.test:"+port, nil, nil, 0.05)
	refused(t, r, "tcp://x.test:"+port, 110, "Connection timed out")
}

func TestClientInterruptedGoesOn(t *testing.T) {
	rows, err := phpext.NewTable((&phpext.Sockets{Table: resources.NewTable()}).Functions()...)
	require.NoError(t, err)
	row, _ := rows.Lookup("stream_socket_client")
	call := phpext.NewCall(row, phpext.Env{Args: []phpext.Value{
		phpext.String(fullListener(t)), phpext.Null(), phpext.Null(), phpext.Float(9)}})
	first := call.Start()
	again := call.Resume(phpext.ReadyInterrupted)
	require.Equal(t, first.Await.FD, again.Await.FD)
	require.Less(t, again.Await.Timeout, first.Await.Timeout)
	again = call.Resume(phpext.ReadyWoken)
	require.Equal(t, first.Await.FD, again.Await.FD)
	out := call.Resume(phpext.ReadyTimeout)
	require.Equal(t, phpext.Bool(false), out.Value)
	require.True(t, out.FailedStream)
}

func TestClientCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	e := sockets(t)
	e.Context = ctx
	time.AfterFunc(20*time.Millisecond, cancel)
	require.True(t, e.Call("stream_socket_client", fullListener(t), nil, nil, -1).Cancelled)
	require.Zero(t, e.Sockets.Len())
}

func TestClientPersistentIsPHPs(t *testing.T) {
	e := sockets(t)
	require.True(t, e.Call("stream_socket_client", "tcp://127.0.0.1:1", nil, nil, 1.0, 5).Original)
	require.NotNil(t, e.Call("stream_socket_client", "tcp://127.0.0.1:1", nil, nil, math.NaN(), 5).Throw)
	// PHP's own leaves the code of an unknown transport to chance.
	require.EqualValues(t, 0, e.Call("stream_socket_client", "nosuch://x", nil, nil, 1.0, 5).Refs["error_code"].Int())
}
