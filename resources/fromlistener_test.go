package resources

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// scripted is a listener that gives what it is told to, and then blocks.
type scripted struct {
	results chan any // net.Conn or error
	closed  chan struct{}
	once    sync.Once
}

func newScripted(results ...any) *scripted {
	s := &scripted{results: make(chan any, 100), closed: make(chan struct{})}
	for _, r := range results {
		s.results <- r
	}
	return s
}

func (s *scripted) Accept() (net.Conn, error) {
	select {
	case r := <-s.results:
		if c, ok := r.(net.Conn); ok {
			return c, nil
		}
		return nil, r.(error)
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

func (s *scripted) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80} }

func (s *scripted) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

// wrapped is a listener that the kernel alone does not make up.
type wrapped struct{ net.Listener }

func listenTCP(t *testing.T) *net.TCPListener {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return l.(*net.TCPListener)
}

func fromListener(t *testing.T, l net.Listener, o Options) *Socket {
	t.Helper()
	s, err := FromListener(l, TCP, o)
	require.NoError(t, err)
	closing(t, s)
	return s
}

// tcpPair gives a connection that an accept might have given, and its client.
func tcpPair(t *testing.T) (accepted, client net.Conn) {
	t.Helper()
	l := listenTCP(t)
	client, err := net.Dial("tcp4", l.Addr().String())
	require.NoError(t, err)
	accepted, err = l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = accepted.Close(), client.Close() })
	require.NoError(t, client.SetDeadline(time.Now().Add(patience*time.Millisecond)))
	return accepted, client
}

func acceptFails(t *testing.T, s *Socket, want syscall.Errno) {
	t.Helper()
	require.True(t, poll(t, s.FD(), unix.POLLIN, patience), "accept would wait")
	_, _, err := s.Accept()
	require.Equal(t, error(want), err)
}

func TestFromListenerOfTheKernel(t *testing.T) {
	path := socketPath(t)
	for _, network := range []string{"tcp4", "unix"} {
		address := map[string]string{"tcp4": "127.0.0.1:0", "unix": path}[network]
		l, err := net.Listen(network, address)
		require.NoError(t, err)
		address = l.Addr().String()
		transport := map[string]Transport{"tcp4": TCP, "unix": Unix}[network]
		s, err := FromListener(l, transport, Options{CloseOnExec: network == "unix"})
		require.NoError(t, err)
		closing(t, s)
		require.False(t, s.Virtual())
		require.Equal(t, KindListener, s.Kind())
		require.Equal(t, transport, s.Transport())
		require.Equal(t, address, s.Local())
		nonblock, cloexec := statusFlags(t, s)
		require.True(t, nonblock)
		require.Equal(t, network == "unix", cloexec)
		_, err = l.Accept()
		require.ErrorIs(t, err, net.ErrClosed, "Go's copy")

		c, err := net.Dial(network, address)
		require.NoError(t, err)
		a := accept(t, s)
		require.Equal(t, address, a.Local())
		require.NoError(t, c.Close())
		require.NoError(t, s.Listen(3), "as a script does")
		require.NoError(t, s.Close())
	}
	require.FileExists(t, path, "as PHP leaves it")

	l, err := net.Listen("tcp4", "0.0.0.0:0")
	require.NoError(t, err)
	s := fromListener(t, l, Options{})
	client := dialTCP(t, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), netip.MustParseAddrPort(s.Local()).Port()))
	require.Equal(t, client.RemoteAddr().String(), accept(t, s).Local(), "and not 0.0.0.0")

	closed := listenTCP(t)
	require.NoError(t, closed.Close())
	_, err = FromListener(closed, TCP, Options{})
	var failed *Error
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "listen", failed.Op)
}

func dialTCP(t *testing.T, to netip.AddrPort) net.Conn {
	t.Helper()
	c, err := net.DialTimeout("tcp", to.String(), patience*time.Millisecond)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestFromListenerQueue(t *testing.T) {
	l := listenTCP(t)
	address := netip.MustParseAddrPort(l.Addr().String())
	s := fromListener(t, wrapped{l}, Options{CloseOnExec: true})
	require.True(t, s.Virtual())
	require.Equal(t, KindListener, s.Kind())
	require.Equal(t, address.String(), s.Local())
	nonblock, cloexec := statusFlags(t, s)
	require.True(t, nonblock)
	require.True(t, cloexec)
	_, _, err := s.Accept()
	require.Equal(t, error(syscall.EAGAIN), err)
	for range 3 {
		c := dialTCP(t, address)
		a := accept(t, s)
		require.Equal(t, TCP, a.Transport())
		require.Equal(t, c.LocalAddr().String(), a.Remote())
		require.Equal(t, address.String(), a.Local())
		_, cloexec := statusFlags(t, a)
		require.True(t, cloexec, "from the listener")
		_, err := c.Write([]byte("hello"))
		require.NoError(t, err)
		data, _ := receive(t, a, 0)
		require.Equal(t, "hello", data)
	}
	last := dialTCP(t, address)
	require.True(t, poll(t, s.FD(), unix.POLLIN, patience))
	require.NoError(t, s.Close())
	require.NoError(t, last.SetDeadline(time.Now().Add(patience*time.Millisecond)))
	_, err = last.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err, "closed in the queue")
	_, err = net.Dial("tcp4", address.String())
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
}

// No more is accepted ahead than fits into the queue.
func TestFromListenerBacklog(t *testing.T) {
	one := 1
	var clients []net.Conn
	l := newScripted()
	for range 5 {
		accepted, client := tcpPair(t)
		l.results <- accepted
		clients = append(clients, client)
	}
	s := fromListener(t, l, Options{Backlog: &one})
	for i, c := range clients {
		require.True(t, poll(t, s.FD(), unix.POLLIN, patience))
		require.Len(t, l.results, len(clients)-i-1)
		require.Equal(t, c.LocalAddr().String(), accept(t, s).Remote())
	}
}

type passing struct{}

func (passing) Error() string   { return "passing" }
func (passing) Temporary() bool { return true }

func TestFromListenerErrors(t *testing.T) {
	accepted, client := tcpPair(t)
	tests := map[string]struct {
		err   error
		errno syscall.Errno // what one accept sees
		ends  bool
	}{
		"too many files":   {err: &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}, errno: syscall.EMFILE},
		"aborted":          {err: syscall.ECONNABORTED, errno: syscall.ECONNABORTED},
		"no buffers":       {err: syscall.ENOBUFS, errno: syscall.ENOBUFS},
		"interrupted":      {err: syscall.EINTR, errno: syscall.EINTR},
		"temporary":        {err: passing{}},
		"deadline":         {err: os.ErrDeadlineExceeded},
		"would block":      {err: syscall.EAGAIN},
		"closed":           {err: &net.OpError{Op: "accept", Err: net.ErrClosed}, ends: true},
		"not a descriptor": {err: syscall.EBADF, ends: true},
		"anything else":    {err: errors.New("netstack is down"), ends: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dup, err := accepted.(*net.TCPConn).File()
			require.NoError(t, err)
			copied, err := net.FileConn(dup)
			require.NoError(t, err)
			require.NoError(t, dup.Close())
			l := newScripted(test.err, copied)
			s := fromListener(t, l, Options{})
			switch {
			case test.ends:
				for range 2 {
					acceptFails(t, s, syscall.EINVAL)
				}
				require.NoError(t, copied.Close())
				return
			case test.errno != 0:
				acceptFails(t, s, test.errno)
			}
			require.Equal(t, client.LocalAddr().String(), accept(t, s).Remote(), "goes on")
		})
	}
}

// What was accepted before the end can still be had.
func TestFromListenerEnd(t *testing.T) {
	accepted, client := tcpPair(t)
	s := fromListener(t, newScripted(accepted, net.ErrClosed), Options{})
	require.Equal(t, client.LocalAddr().String(), accept(t, s).Remote())
	acceptFails(t, s, syscall.EINVAL)
}

// A script that does not accept for a while finds one failure and not a heap.
func TestFromListenerFailuresDoNotPileUp(t *testing.T) {
	accepted, client := tcpPair(t)
	s := fromListener(t, newScripted(syscall.EMFILE, syscall.EMFILE, syscall.ENFILE, accepted), Options{})
	require.Eventually(t, func() bool { return len(s.virtual.shared.queue.queue) == 2 }, patience*time.Millisecond, time.Millisecond)
	acceptFails(t, s, syscall.EMFILE)
	require.Equal(t, client.LocalAddr().String(), accept(t, s).Remote())
}

// A listener on a Memory needs no goroutine, and what it accepts is of the
// transport that the script bound.
func TestFromListenerMemory(t *testing.T) {
	m := NewMemory()
	l := listenMem(t, m, "x")
	s := fromListener(t, l, Options{})
	_, err := l.Accept()
	require.ErrorIs(t, err, net.ErrClosed, "taken over")
	require.ErrorIs(t, l.Close(), net.ErrClosed)
	c := dialMem(t, m, "x")
	a := accept(t, s)
	require.Equal(t, TCP, a.Transport())
	require.Equal(t, c.LocalAddr().String(), a.Remote())
	require.NoError(t, s.Close())
	_, err = m.Dial(background, "x")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	_, err = FromListener(l, TCP, Options{})
	failedWith(t, err, "listen", syscall.EINVAL)
}

// The goroutine ends with the socket, whatever it is at.
func TestFromListenerLeavesNothing(t *testing.T) {
	one := 1
	accepted, client := tcpPair(t)
	other, otherClient := tcpPair(t)
	for name, l := range map[string]*scripted{
		"accepting":   newScripted(),
		"full":        newScripted(accepted, other),
		"backing off": newScripted(syscall.EMFILE, passing{}, passing{}, passing{}, passing{}, passing{}, passing{}, passing{}),
	} {
		s := fromListener(t, l, Options{Backlog: &one})
		shared := s.virtual.shared
		if name != "accepting" {
			require.True(t, poll(t, s.FD(), unix.POLLIN, patience))
		}
		require.NoError(t, s.Close())
		<-l.closed
		<-shared.queue.ended
		require.Eventually(t, func() bool { return len(shared.queue.slots) == 0 }, patience*time.Millisecond, time.Millisecond, name)
	}
	_, err := client.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err)
	require.NoError(t, otherClient.Close())
}

// A rate that is used up does not keep the goroutine from ending.
func TestFromListenerAcceptRate(t *testing.T) {
	first, _ := tcpPair(t)
	second, client := tcpPair(t)
	l := newScripted()
	s, err := Throttle(fromListener(t, l, Options{}), NewRates(Limits{AcceptRate: 1e-6}))
	require.NoError(t, err)
	l.results <- first
	accept(t, s)
	l.results <- second
	require.Eventually(t, func() bool { return len(l.results) == 0 }, patience*time.Millisecond, time.Millisecond)
	require.False(t, poll(t, s.FD(), unix.POLLIN, 10))
	require.NoError(t, s.Close())
	_, err = client.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err)
}
