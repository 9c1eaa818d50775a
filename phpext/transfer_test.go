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
)

// pairOf returns the ends of a socket pair of STREAM_SOCK_STREAM or STREAM_SOCK_DGRAM.
func pairOf(t *testing.T, e *phpexttest.Engine, typ int) (a, b phpext.Value) {
	t.Helper()
	list := succeed(t, e, "stream_socket_pair", 1, typ, 0).Array()
	a, _ = list.Get(phpext.IntKey(0))
	b, _ = list.Get(phpext.IntKey(1))
	return a, b
}

func setNonblock(t *testing.T, e *phpexttest.Engine, v phpext.Value) {
	t.Helper()
	require.NoError(t, unix.SetNonblock(socketOf(t, e, v).FD(), true))
}

func TestRecvFrom(t *testing.T) {
	e := sockets(t)
	a, b := pairOf(t, e, 1)
	require.Equal(t, int64(5), succeed(t, e, "stream_socket_sendto", a, "hello").Int())

	r := e.Call("stream_socket_recvfrom", b, 2, phpext.StreamPeek, "x")
	require.Equal(t, "he", r.Value.Text())
	require.Equal(t, phpext.String(""), r.Refs["address"])
	require.Equal(t, []phpext.Value{phpext.Null(), phpext.String("")}, []phpext.Value{r.Effects[0].Value, r.Effects[1].Value})
	require.Equal(t, "hello", succeed(t, e, "stream_socket_recvfrom", b, math.MaxInt64).Text())

	e.CloseStream(a)
	require.Equal(t, phpext.String(""), succeed(t, e, "stream_socket_recvfrom", b, 9), "the end is no failure")
}

func TestRecvFromDatagrams(t *testing.T) {
	e := sockets(t)
	server := succeed(t, e, "stream_socket_server", "udp://127.0.0.1:0", nil, nil, 4)
	to := succeed(t, e, "stream_socket_get_name", server, false).Text()
	client := succeed(t, e, "stream_socket_client", "udp://"+to)
	from := socketOf(t, e, client).Local()

	require.Equal(t, int64(4), succeed(t, e, "stream_socket_sendto", client, "long").Int())
	require.Equal(t, int64(0), succeed(t, e, "stream_socket_sendto", client, "").Int())
	r := e.Call("stream_socket_recvfrom", server, 2, 0, nil)
	require.Equal(t, "lo", r.Value.Text(), "the rest is lost")
	require.Equal(t, phpext.String(from), r.Refs["address"])
	require.Equal(t, phpext.String(""), succeed(t, e, "stream_socket_recvfrom", server, 2))

	require.Equal(t, int64(2), succeed(t, e, "stream_socket_sendto", server, "re", 0, from).Int())
	require.Equal(t, "re", succeed(t, e, "stream_socket_recvfrom", client, 100).Text())

	big := strings.Repeat("d", 60000)
	succeed(t, e, "stream_socket_sendto", client, big)
	require.Equal(t, big, succeed(t, e, "stream_socket_recvfrom", server, 1<<40).Text())
}

func TestRecvFromNothing(t *testing.T) {
	e := sockets(t)
	a, _ := pairOf(t, e, 1)
	setNonblock(t, e, a)
	unbound := succeed(t, e, "stream_socket_server", "tcp://127.0.0.1:0", nil, nil, 0)
	listener := succeed(t, e, "stream_socket_server", "tcp://127.0.0.1:0")
	for _, v := range []phpext.Value{a, unbound, listener} {
		r := e.Call("stream_socket_recvfrom", v, 5, 0, "x")
		require.Equal(t, phpext.Bool(false), r.Value)
		require.Empty(t, r.Texts())
		require.Equal(t, phpext.Null(), r.Refs["address"])
		require.Empty(t, r.Waits)
	}
	e.Errno = syscall.ECONNRESET
	_, b := pairOf(t, e, 1)
	require.Equal(t, phpext.Bool(false), e.Call("stream_socket_recvfrom", b, 5).Value)
}

func TestRecvFromWaitsWithoutLimit(t *testing.T) {
	e := sockets(t)
	e.DefaultTimeout = 0
	a, b := pairOf(t, e, 1)
	fd := socketOf(t, e, a)
	time.AfterFunc(20*time.Millisecond, func() { _, _ = unix.Write(fd.FD(), []byte("late")) })
	r := e.Call("stream_socket_recvfrom", b, 9)
	require.Equal(t, "late", r.Value.Text())
	require.Equal(t, []phpext.Wait{{FD: socketOf(t, e, b).FD(), Events: unix.POLLIN, Timeout: -1}}, r.Waits)
}

func TestRecvFromOutOfBand(t *testing.T) {
	e := sockets(t)
	listener, client := connect(t, e, "tcp://127.0.0.1:0")
	conn := succeed(t, e, "stream_socket_accept", listener)
	require.Equal(t, phpext.Bool(false), e.Call("stream_socket_recvfrom", conn, 9, phpext.StreamOOB).Value, "none is there")
	require.Equal(t, int64(2), succeed(t, e, "stream_socket_sendto", client, "ab", phpext.StreamOOB).Int())
	require.Eventually(t, func() bool {
		return e.Call("stream_socket_recvfrom", conn, 9, phpext.StreamOOB|phpext.StreamPeek).Value.Text() == "b"
	}, time.Second, time.Millisecond)
	require.Equal(t, "b", succeed(t, e, "stream_socket_recvfrom", conn, 9, phpext.StreamOOB).Text())
	require.Equal(t, "a", succeed(t, e, "stream_socket_recvfrom", conn, 9).Text())
}

func TestRecvFromThrows(t *testing.T) {
	e := sockets(t)
	a, b := pairOf(t, e, 1)
	for _, length := range []int{0, -1} {
		r := e.Call("stream_socket_recvfrom", a, length, 0, 7)
		requireThrow(t, r, "ValueError", "stream_socket_recvfrom(): Argument #2 ($length) must be greater than 0")
		require.Equal(t, phpext.Null(), r.Refs["address"])
	}
	e.CloseStream(b)
	r := e.Call("stream_socket_recvfrom", b, 0, 0, 7)
	requireThrow(t, r, "TypeError", "stream_socket_recvfrom(): supplied resource is not a valid stream resource")
	require.Empty(t, r.Refs)
}

func TestSendToFails(t *testing.T) {
	e := sockets(t, withResolver)
	unbound := succeed(t, e, "stream_socket_server", "tcp://127.0.0.1:0", nil, nil, 0)
	udp := succeed(t, e, "stream_socket_server", "udp://127.0.0.1:0", nil, nil, 4)
	a, _ := pairOf(t, e, 1)
	gai := "php_network_getaddresses: getaddrinfo for %s failed: Name or service not known"
	tests := []struct {
		name    string
		args    []any
		errno   syscall.Errno
		value   phpext.Value
		warning []string
	}{
		{"no descriptor", []any{unbound, "x"}, 0, phpext.Int(-1), []string{"Bad file descriptor\n"}},
		{"no target", []any{udp, "x"}, 0, phpext.Int(-1), []string{"Destination address required\n"}},
		{"too long", []any{udp, strings.Repeat("x", 70000), 0, "127.0.0.1:9"}, 0, phpext.Int(-1), []string{"Message too long\n"}},
		{"broadcast", []any{udp, "x", 0, "255.255.255.255:9"}, 0, phpext.Int(-1), []string{"Permission denied\n"}},
		{"out of band", []any{udp, "x", 1, "127.0.0.1:9"}, 0, phpext.Int(-1), []string{"Operation not supported\n"}},
		{"connected already", []any{a, "x", 0, "127.0.0.1:9"}, 0, phpext.Int(-1), []string{"Transport endpoint is already connected\n"}},
		{"the engine's attempt failed", []any{a, "x"}, syscall.EPIPE, phpext.Int(-1), []string{"Broken pipe\n"}},
		{"no port", []any{udp, "x", 0, "foo"}, 0, phpext.Bool(false), []string{"Failed to parse `foo' into a valid network address"}},
		{"cut at NUL", []any{udp, "x", 0, "f\x00oo"}, 0, phpext.Bool(false), []string{"Failed to parse `f' into a valid network address"}},
		{"transport", []any{udp, "x", 0, "udp://1.2.3.4:5"}, 0, phpext.Bool(false), []string{
			strings.Replace(gai, "%s", "udp", 1), "Failed to resolve `udp': " + strings.Replace(gai, "%s", "udp", 1),
			"Failed to parse `udp://1.2.3.4:5' into a valid network address"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e.Errno = tt.errno
			defer func() { e.Errno = 0 }()
			r := e.Call("stream_socket_sendto", tt.args...)
			require.Equal(t, tt.value, r.Value)
			var want []string
			for _, w := range tt.warning {
				want = append(want, "Warning: stream_socket_sendto(): "+w)
			}
			require.Equal(t, want, r.Texts())
		})
	}
}

func TestSendToName(t *testing.T) {
	e := sockets(t, withResolver)
	server := succeed(t, e, "stream_socket_server", "udp://127.0.0.1:0", nil, nil, 4)
	_, port, _ := strings.Cut(socketOf(t, e, server).Local(), ":")
	client := succeed(t, e, "stream_socket_server", "udp://127.0.0.1:0", nil, nil, 4)
	require.Equal(t, int64(1), succeed(t, e, "stream_socket_sendto", client, "x", 0, "one.test:"+port).Int())
	require.Equal(t, int64(1), succeed(t, e, "stream_socket_sendto", client, "y", 0, "127.1:"+port).Int())
	require.Equal(t, "x", succeed(t, e, "stream_socket_recvfrom", server, 9).Text())
	require.Equal(t, "y", succeed(t, e, "stream_socket_recvfrom", server, 9).Text())
}

func TestSendToThrows(t *testing.T) {
	e := sockets(t)
	requireThrow(t, e.Call("stream_socket_sendto", 5, "x"), "TypeError",
		"stream_socket_sendto(): Argument #1 ($socket) must be of type resource, int given")
}

func TestSendToPeerGone(t *testing.T) {
	e := sockets(t)
	a, b := pairOf(t, e, 1)
	e.CloseStream(b)
	r := e.Call("stream_socket_sendto", a, "x")
	require.Equal(t, phpext.Int(-1), r.Value)
	require.Equal(t, []string{"Warning: stream_socket_sendto(): Broken pipe\n"}, r.Texts())
}

// A blocking stream takes all data, a non-blocking one what fits.
func TestSendToFullStream(t *testing.T) {
	e := sockets(t)
	data := strings.Repeat("x", 4<<20)
	a, b := pairOf(t, e, 1)
	reader := socketOf(t, e, b)
	total := make(chan int)
	go func() {
		n, buf := 0, make([]byte, 1<<16)
		for n < len(data) {
			got, _ := unix.Read(reader.FD(), buf)
			n += got
		}
		total <- n
	}()
	r := e.Call("stream_socket_sendto", a, data)
	require.Equal(t, int64(len(data)), r.Value.Int())
	require.Equal(t, len(data), <-total)

	a, _ = pairOf(t, e, 1)
	setNonblock(t, e, a)
	n := succeed(t, e, "stream_socket_sendto", a, data).Int()
	require.Positive(t, n)
	require.Less(t, n, int64(len(data)))
	r = e.Call("stream_socket_sendto", a, data)
	require.Equal(t, phpext.Int(-1), r.Value)
	require.Equal(t, []string{"Warning: stream_socket_sendto(): Resource temporarily unavailable\n"}, r.Texts())
	require.Empty(t, r.Waits)
}

func TestTransferInterruptedAndCancelled(t *testing.T) {
	e := sockets(t)
	rows, err := phpext.NewTable((&phpext.Sockets{Table: e.Sockets}).Functions()...)
	require.NoError(t, err)
	a, b := pairOf(t, e, 1)
	start := func(name string, args ...phpext.Value) *phpext.Call {
		row, _ := rows.Lookup(name)
		call := phpext.NewCall(row, phpext.Env{Args: args, Socket: e.Sockets.Lookup})
		require.NotNil(t, call.Start().Await)
		return call
	}
	out := start("stream_socket_recvfrom", b, phpext.Int(5)).Resume(phpext.ReadyInterrupted)
	require.Equal(t, phpext.Bool(false), out.Value)
	out = start("stream_socket_recvfrom", b, phpext.Int(5)).Resume(phpext.ReadyCancelled)
	require.Equal(t, phpext.Null(), out.Value)

	huge := phpext.String(strings.Repeat("x", 4<<20))
	out = start("stream_socket_sendto", a, huge).Resume(phpext.ReadyInterrupted)
	require.Positive(t, out.Value.Int(), "what went before the signal counts")
	out = start("stream_socket_sendto", a, huge).Resume(phpext.ReadyInterrupted)
	require.Equal(t, phpext.Int(-1), out.Value)
	require.Equal(t, "Interrupted system call\n", out.Effects[0].Text)
	out = start("stream_socket_sendto", a, huge).Resume(phpext.ReadyCancelled)
	require.Empty(t, out.Effects)
}

func TestRecvFromCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	e := sockets(t)
	e.Context = ctx
	a, _ := pairOf(t, e, 2)
	time.AfterFunc(10*time.Millisecond, cancel)
	require.True(t, e.Call("stream_socket_recvfrom", a, 5).Cancelled)
}
