package phpext_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/phpext/phpexttest"
	"github.com/phpsock/phpsock/resources"
)

// staticDNS knows hosts by heart.
type staticDNS map[string][]netip.Addr

func (d staticDNS) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if addrs, ok := d[host]; ok {
		return addrs, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// The policy is asked about each address that would be used, with all there is to know.
func TestPolicyIsAsked(t *testing.T) {
	port := listen(t)
	addr := netip.MustParseAddrPort("127.0.0.1:" + port)
	denied := netip.MustParseAddr("127.0.0.9")
	var asked []resources.Attempt
	e := sockets(t, func(s *phpext.Sockets) {
		s.Resolver = staticDNS{"two.test": {denied, addr.Addr()}}
		s.Policy = func(ctx context.Context, a resources.Attempt) error {
			require.NotNil(t, ctx)
			asked = append(asked, a)
			if a.Addr.Addr() == denied {
				return errors.New("not that one")
			}
			return nil
		}
	})
	e.Script = "/srv/app.php"

	succeed(t, e, "stream_socket_client", "tcp://two.test:"+port, nil, nil)
	want := resources.Attempt{
		Operation: resources.OpDial, Transport: resources.TCP, Addr: netip.AddrPortFrom(denied, addr.Port()),
		Target: "two.test:" + port, Script: "/srv/app.php",
	}
	allowed := want
	allowed.Addr = addr
	require.Equal(t, []resources.Attempt{want, allowed}, asked, "the next address is tried")

	r := e.Call("stream_socket_client", "tcp://127.0.0.9:"+port, nil, nil)
	require.Equal(t, []string{"Warning: stream_socket_client(): Unable to connect to tcp://127.0.0.9:" + port + " (not that one)"}, r.Texts())
	require.EqualValues(t, syscall.EACCES, r.Refs["error_code"].Int())
	require.Equal(t, "not that one", r.Refs["error_message"].Text())

	asked = nil
	server := succeed(t, e, "stream_socket_server", "udp://127.0.0.1:0", nil, nil, phpext.StreamServerBind)
	require.Equal(t, resources.OpListen, asked[0].Operation)
	r = e.Call("stream_socket_sendto", server, "x", 0, "127.0.0.9:"+port)
	require.Equal(t, []string{"Warning: stream_socket_sendto(): not that one\n"}, r.Texts())
	require.EqualValues(t, -1, r.Value.Int())
	require.Equal(t, resources.Attempt{
		Operation: resources.OpSend, Transport: resources.UDP, Addr: netip.AddrPortFrom(denied, addr.Port()),
		Target: "127.0.0.9:" + port, Script: "/srv/app.php", Handle: server.Resource().Handle,
	}, asked[1])
}

// A policy that has an errno of its own gives it to the script.
func TestPolicyWithErrno(t *testing.T) {
	e := sockets(t, func(s *phpext.Sockets) {
		s.Policy = func(context.Context, resources.Attempt) error {
			return &resources.Error{Errno: syscall.EHOSTUNREACH, Text: "No route to host"}
		}
	})
	r := e.Call("stream_socket_client", "tcp://127.0.0.1:9", nil, nil)
	require.EqualValues(t, syscall.EHOSTUNREACH, r.Refs["error_code"].Int())
	require.Equal(t, "No route to host", r.Refs["error_message"].Text())
}

// What opens and fails is told with its run, its duration and the socket.
func TestObserver(t *testing.T) {
	port := listen(t)
	var events []resources.Event
	e := sockets(t, func(s *phpext.Sockets) {
		s.Observer = func(ev resources.Event) { events = append(events, ev) }
		s.Limits = func() phpext.Limits { return phpext.Limits{OpenSockets: 2} }
	})
	e.Run, e.Script = 7, "/srv/app.php"
	client := succeed(t, e, "stream_socket_client", "tcp://127.0.0.1:"+port, nil, nil)
	server := succeed(t, e, "stream_socket_server", "tcp://127.0.0.1:0", nil, nil)
	e.Call("stream_socket_client", "tcp://127.0.0.1:"+port, nil, nil)

	require.Len(t, events, 4)
	for _, ev := range events {
		require.Equal(t, uint64(7), ev.Run)
		require.Equal(t, "/srv/app.php", ev.Script)
		require.WithinDuration(t, time.Now(), ev.Time, time.Minute)
	}
	dial, listened, limit, refused := events[0], events[1], events[2], events[3]
	require.Equal(t, resources.EventDial, dial.Kind)
	require.Positive(t, dial.Duration)
	require.Equal(t, socketOf(t, e, client).Info(), dial.Info)
	require.Equal(t, "127.0.0.1:"+port, dial.Target)
	require.Equal(t, resources.EventListen, listened.Kind)
	require.Equal(t, server.Resource().Handle, listened.Handle)
	require.Equal(t, resources.EventLimit, limit.Kind)
	require.ErrorIs(t, limit.Err, syscall.EMFILE)
	require.Equal(t, resources.EventDial, refused.Kind)
	require.ErrorIs(t, refused.Err, syscall.EMFILE)
	require.Zero(t, refused.Handle)
	require.Equal(t, resources.TCP, refused.Transport)
}

// A resolver that does not listen to its context is left behind when the run ends, and so
// is a dialer, whose connection is closed when it comes after all.
func TestDeafNetworkIsLeftBehind(t *testing.T) {
	release := make(chan struct{})
	ours, theirs := net.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	e := sockets(t, func(s *phpext.Sockets) {
		s.Dialer = deafDialer{release: release, conn: theirs}
	})
	e.Context = ctx
	time.AfterFunc(10*time.Millisecond, cancel)
	require.True(t, e.Call("stream_socket_client", "tcp://127.0.0.1:9", nil, nil).Cancelled)
	close(release)
	read := make(chan error, 1)
	go func() {
		_, err := ours.Read(make([]byte, 1))
		read <- err
	}()
	select {
	case err := <-read:
		require.Error(t, err)
	case <-time.After(20 * time.Second):
		require.Fail(t, "the connection is open")
	}
}

type deafDialer struct {
	release chan struct{}
	conn    net.Conn
}

func (d deafDialer) DialContext(context.Context, string, string) (net.Conn, error) {
	<-d.release
	return d.conn, nil
}

// A dialer of the host's makes the connection, and its errors are those of the script.
func TestDialer(t *testing.T) {
	for _, c := range []struct {
		err  error
		code syscall.Errno
		text string
	}{
		{&net.OpError{Op: "dial", Err: syscall.ENETUNREACH}, syscall.ENETUNREACH, "Network is unreachable"},
		{context.DeadlineExceeded, syscall.ETIMEDOUT, "Connection timed out"},
		{errors.New("socks: no such host"), syscall.EIO, "socks: no such host"},
	} {
		e := sockets(t, func(s *phpext.Sockets) { s.Dialer = failingDialer{c.err} })
		r := e.Call("stream_socket_client", "tcp://127.0.0.1:9", nil, nil)
		require.EqualValues(t, c.code, r.Refs["error_code"].Int())
		require.Equal(t, c.text, r.Refs["error_message"].Text())
	}
}

type failingDialer struct{ err error }

func (d failingDialer) DialContext(context.Context, string, string) (net.Conn, error) {
	return nil, d.err
}

// A script that cannot wait gets through to who is there at once, as with the kernel, and
// does not wait for others.
func TestDialerWithoutTime(t *testing.T) {
	for _, timeout := range []any{0, 0.0009} {
		e := sockets(t, func(s *phpext.Sockets) { s.Dialer = &net.Dialer{} })
		succeed(t, e, "stream_socket_client", "tcp://127.0.0.1:"+listen(t), nil, nil, timeout)
		e = sockets(t, func(s *phpext.Sockets) { s.Dialer = silentDialer{} })
		r := e.Call("stream_socket_client", "tcp://127.0.0.1:9", nil, nil, timeout)
		require.EqualValues(t, syscall.ETIMEDOUT, r.Refs["error_code"].Int())
	}
}

type silentDialer struct{}

func (silentDialer) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// Streams go out to the script and come back.
func TestConnectionsOfTheHost(t *testing.T) {
	ours, theirs := net.Pipe()
	var taken net.Conn
	e, err := phpexttest.New(nil,
		phpext.Function{Prototype: "give()", Call: func(c *phpext.Call) (phpext.Value, error) { return c.Stream(theirs) }},
		phpext.Function{Prototype: "take($stream): bool", Call: func(c *phpext.Call) (_ phpext.Value, err error) {
			taken, err = c.TakeConn(0)
			return phpext.Bool(err == nil), err
		}},
	)
	require.NoError(t, err)
	t.Cleanup(e.Close)
	stream := succeed(t, e, "give")
	require.True(t, socketOf(t, e, stream).Virtual())
	require.True(t, succeed(t, e, "take", stream).Bool())
	require.Zero(t, e.Sockets.Len(), "the stream was closed")
	go func() { _, _ = io.WriteString(ours, "hello") }()
	buf := make([]byte, 5)
	_, err = io.ReadFull(taken, buf)
	require.NoError(t, err)
	require.Equal(t, "hello", string(buf))
	require.NoError(t, taken.Close())
	require.NoError(t, ours.Close())
}
