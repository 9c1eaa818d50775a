package resources

import (
	"errors"
	"net/netip"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// patience bounds every wait of the tests, in milliseconds.
const patience = 5000

var loopback = []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")}

// poll waits until the descriptor is ready and says whether it was in time.
func poll(t *testing.T, fd int, events int16, milliseconds int) bool {
	t.Helper()
	for {
		fds := []unix.PollFd{{Fd: int32(fd), Events: events}}
		n, err := unix.Poll(fds, milliseconds)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		require.NoError(t, err)
		return n > 0
	}
}

func closing(t *testing.T, sockets ...*Socket) {
	t.Helper()
	for _, s := range sockets {
		t.Cleanup(func() { _ = s.Close() })
	}
}

func bind(t *testing.T, transport Transport, o Options) *Socket {
	t.Helper()
	s, err := Bind(transport, loopback, o)
	require.NoError(t, err)
	closing(t, s)
	return s
}

func listen(t *testing.T, o Options) *Socket {
	t.Helper()
	s := bind(t, TCP, o)
	require.NoError(t, s.Listen(o.ListenBacklog()))
	return s
}

// dial runs a dial to its end.
func dial(t *testing.T, d *Dial) (*Socket, error) {
	t.Helper()
	t.Cleanup(d.Close)
	ready := false
	for {
		s, pending, err := d.Step(ready, false)
		if pending < 0 {
			if s != nil {
				closing(t, s)
			}
			return s, err
		}
		require.True(t, poll(t, pending, unix.POLLOUT, patience), "connect takes too long")
		ready = true
	}
}

func dialTo(t *testing.T, s *Socket, o Options) *Socket {
	t.Helper()
	c, err := dial(t, NewDial(s.Transport(), ports(s), netip.AddrPort{}, o, false))
	require.NoError(t, err)
	return c
}

func accept(t *testing.T, s *Socket) *Socket {
	t.Helper()
	require.True(t, poll(t, s.FD(), unix.POLLIN, patience), "nobody connects")
	c, peer, err := s.Accept()
	require.NoError(t, err)
	require.Equal(t, peer, c.Remote())
	closing(t, c)
	return c
}

// connect gives both ends of a tcp connection.
func connect(t *testing.T) (client, server *Socket) {
	t.Helper()
	l := listen(t, Options{})
	return dialTo(t, l, Options{}), accept(t, l)
}

func ports(s *Socket) []netip.AddrPort {
	return []netip.AddrPort{netip.MustParseAddrPort(s.Local())}
}

func receive(t *testing.T, s *Socket, flags int) (data, from string) {
	t.Helper()
	require.True(t, poll(t, s.FD(), unix.POLLIN|unix.POLLPRI, patience), "nothing arrives")
	buf := make([]byte, 64)
	n, from, err := s.RecvFrom(buf, flags)
	require.NoError(t, err)
	return string(buf[:n]), from
}

func option(t *testing.T, s *Socket, level, name int) int {
	t.Helper()
	value, err := unix.GetsockoptInt(s.FD(), level, name)
	require.NoError(t, err)
	return value
}

func statusFlags(t *testing.T, s *Socket) (nonblock, cloexec bool) {
	t.Helper()
	status, err := unix.FcntlInt(uintptr(s.FD()), unix.F_GETFL, 0)
	require.NoError(t, err)
	descriptor, err := unix.FcntlInt(uintptr(s.FD()), unix.F_GETFD, 0)
	require.NoError(t, err)
	return status&unix.O_NONBLOCK != 0, descriptor&unix.FD_CLOEXEC != 0
}

func needIPv6(t *testing.T) []netip.AddrPort {
	t.Helper()
	list := []netip.AddrPort{netip.MustParseAddrPort("[::1]:0")}
	s, err := Bind(UDP, list, Options{})
	if err != nil {
		t.Skipf("no IPv6 loopback: %v", err)
	}
	require.NoError(t, s.Close())
	return list
}

// socketPath gives a path that is short enough for a socket.
func socketPath(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sock")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir + "/s"
}
