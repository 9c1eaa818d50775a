package phpext_test

import (
	"context"
	"math"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/phpext/phpexttest"
	"github.com/phpsock/phpsock/resources"
)

// connect returns a listener, and a client that waits to be accepted.
func connect(t *testing.T, e *phpexttest.Engine, address string, args ...any) (listener, client phpext.Value) {
	t.Helper()
	listener = succeed(t, e, "stream_socket_server", append([]any{address, nil, nil, 12}, args...)...)
	transport, _ := resources.SplitTransport(address)
	name := succeed(t, e, "stream_socket_get_name", listener, false)
	return listener, succeed(t, e, "stream_socket_client", transport+"://"+name.Text())
}

func TestAccept(t *testing.T) {
	for _, address := range []string{"tcp://127.0.0.1:0", "unix://" + t.TempDir() + "/s"} {
		e := sockets(t)
		listener, client := connect(t, e, address)
		r := e.Call("stream_socket_accept", listener, 1, "x")
		require.Empty(t, r.Texts())
		require.Len(t, r.Waits, 1, "it polls first")
		conn := socketOf(t, e, r.Value)
		require.Equal(t, resources.KindConn, conn.Kind())
		require.Equal(t, phpext.String(conn.Remote()), r.Refs["peer_name"])
		if strings.HasPrefix(address, "tcp") {
			require.Equal(t, socketOf(t, e, client).Local(), conn.Remote())
		} else {
			require.Empty(t, conn.Remote())
		}
		flags, err := unix.FcntlInt(uintptr(conn.FD()), unix.F_GETFL, 0)
		require.NoError(t, err)
		require.Zero(t, flags&unix.O_NONBLOCK)
	}
}

func TestAcceptNoDelayOfListenersContext(t *testing.T) {
	e := sockets(t)
	for _, want := range []int{0, 1} {
		listener, _ := connect(t, e, "tcp://127.0.0.1:0", streamContext(t, map[string]any{"tcp_nodelay": want}))
		conn := socketOf(t, e, succeed(t, e, "stream_socket_accept", listener))
		n, err := unix.GetsockoptInt(conn.FD(), unix.IPPROTO_TCP, unix.TCP_NODELAY)
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	listener, _ := connect(t, e, "unix://"+t.TempDir()+"/s", streamContext(t, map[string]any{"tcp_nodelay": true}))
	succeed(t, e, "stream_socket_accept", listener)
}

func TestAcceptFails(t *testing.T) {
	e := sockets(t)
	listener := succeed(t, e, "stream_socket_server", "tcp://127.0.0.1:0")
	bound := succeed(t, e, "stream_socket_server", "tcp://127.0.0.1:0", nil, nil, 4)
	unbound := succeed(t, e, "stream_socket_server", "tcp://127.0.0.1:0", nil, nil, 0)
	udp := succeed(t, e, "stream_socket_server", "udp://127.0.0.1:0", nil, nil, 4)
	pair := succeed(t, e, "stream_socket_pair", 1, 1, 0)
	end, _ := pair.Array().Get(phpext.IntKey(0))
	tests := []struct {
		name    string
		socket  phpext.Value
		timeout any
		errno   syscall.Errno
		text    string
		atLeast time.Duration
	}{
		{"nobody, zero", listener, 0, 0, "Connection timed out", 0},
		{"nobody, a while", listener, 0.03, 0, "Connection timed out", 30 * time.Millisecond},
		{"not listening", bound, 1, 0, "Invalid argument", 0},
		{"unbound", unbound, 0.03, 0, "Connection timed out", 30 * time.Millisecond},
		{"udp", udp, 0.01, 0, "Connection timed out", 10 * time.Millisecond},
		{"pair", end, 9, 0, "Unknown error", 0},
		{"the engine's attempt failed", listener, 9, syscall.EMFILE, "Too many open files", 0},
		{"the engine's attempt timed out", listener, 9, syscall.ETIMEDOUT, "Connection timed out", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e.Errno = tt.errno
			defer func() { e.Errno = 0 }()
			start := time.Now()
			r := e.Call("stream_socket_accept", tt.socket, tt.timeout, "x")
			require.Equal(t, phpext.Bool(false), r.Value)
			require.Equal(t, []string{"Warning: stream_socket_accept(): Accept failed: " + tt.text}, r.Texts())
			require.Empty(t, r.Refs, "the peer's name stays as it was")
			require.GreaterOrEqual(t, time.Since(start), tt.atLeast)
			require.False(t, r.FailedStream)
		})
	}
}

func TestAcceptThrows(t *testing.T) {
	e := sockets(t)
	closed := succeed(t, e, "stream_socket_server", "tcp://127.0.0.1:0")
	e.CloseStream(closed)
	const invalid = "stream_socket_accept(): supplied resource is not a valid stream resource"
	requireThrow(t, e.Call("stream_socket_accept", closed), "TypeError", invalid)
	requireThrow(t, e.Call("stream_socket_accept", closed, math.NaN()), "ValueError",
		"stream_socket_accept(): Argument #2 ($timeout) must be a finite value")
	requireThrow(t, e.Call("stream_socket_accept", "x", math.NaN()), "TypeError",
		"stream_socket_accept(): Argument #1 ($socket) must be of type resource, string given")
	require.True(t, e.Call("stream_socket_accept", e.ForeignStream()).Original)
}

// acceptCall returns a call that was begun on a listener.
func acceptCall(t *testing.T, e *phpexttest.Engine, listener phpext.Value, timeout phpext.Value, ini int64) (*phpext.Call, *phpext.Wait) {
	t.Helper()
	rows, err := phpext.NewTable((&phpext.Sockets{Table: e.Sockets}).Functions()...)
	require.NoError(t, err)
	row, _ := rows.Lookup("stream_socket_accept")
	call := phpext.NewCall(row, phpext.Env{Args: []phpext.Value{listener, timeout}, Socket: e.Sockets.Lookup, DefaultTimeout: ini})
	out := call.Start()
	require.NotNil(t, out.Await)
	return call, out.Await
}

func TestAcceptLimits(t *testing.T) {
	e := sockets(t)
	listener := succeed(t, e, "stream_socket_server", "tcp://127.0.0.1:0")
	for _, tt := range []struct {
		timeout phpext.Value
		ini     int64
		want    time.Duration
	}{
		{phpext.Null(), 3, 3 * time.Second},
		{phpext.Null(), -1, -1},
		{phpext.Null(), 0, 0},
		{phpext.Float(-0.5), 3, -1},
		{phpext.Float(1e300), 3, -1},
		{phpext.Float(3e6), 3, -1},
		{phpext.Float(1.25), 3, 1250 * time.Millisecond},
	} {
		_, wait := acceptCall(t, e, listener, tt.timeout, tt.ini)
		require.Equal(t, phpext.Wait{FD: socketOf(t, e, listener).FD(), Events: unix.POLLIN, Timeout: tt.want}, *wait)
	}
}

func TestAcceptSteps(t *testing.T) {
	e := sockets(t)
	listener := succeed(t, e, "stream_socket_server", "tcp://127.0.0.1:0")
	call, wait := acceptCall(t, e, listener, phpext.Float(9), 1)
	out := call.Resume(phpext.ReadyYes)
	require.NotNil(t, out.Await, "somebody else was faster")
	require.Less(t, out.Await.Timeout, wait.Timeout)
	require.NotNil(t, call.Resume(phpext.ReadyWoken).Await)
	out = call.Resume(phpext.ReadyInterrupted)
	require.Equal(t, "Accept failed: Interrupted system call", out.Effects[0].Text)

	call, _ = acceptCall(t, e, listener, phpext.Float(9), 1)
	out = call.Resume(phpext.ReadyCancelled)
	require.Nil(t, out.Await)
	require.Empty(t, out.Effects)
}

func TestAcceptCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	e := sockets(t)
	e.Context = ctx
	for _, flags := range []int{12, 0} {
		listener := succeed(t, e, "stream_socket_server", "tcp://127.0.0.1:0", nil, nil, flags)
		time.AfterFunc(10*time.Millisecond, cancel)
		require.True(t, e.Call("stream_socket_accept", listener, -1).Cancelled)
	}
}
