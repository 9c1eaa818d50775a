package resources

import (
	"net/netip"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestDial(t *testing.T) {
	l := listen(t, Options{})
	c := dialTo(t, l, Options{NoDelay: true, Broadcast: true, CloseOnExec: true})
	require.Equal(t, KindConn, c.Kind())
	require.Equal(t, l.Local(), c.Remote())
	require.Equal(t, 1, option(t, c, unix.IPPROTO_TCP, unix.TCP_NODELAY))
	require.Zero(t, option(t, c, unix.SOL_SOCKET, unix.SO_BROADCAST), "for udp alone")
	nonblock, cloexec := statusFlags(t, c)
	require.False(t, nonblock)
	require.True(t, cloexec)

	s := accept(t, l)
	require.Equal(t, s.Remote(), c.Local())
	require.Equal(t, l.Local(), s.Local())
}

func TestDialTriesEachAddress(t *testing.T) {
	refusing, l := bind(t, TCP, Options{}), listen(t, Options{})
	list := append(ports(refusing), ports(l)...)
	c, err := dial(t, NewDial(TCP, list, netip.AddrPort{}, Options{}, false))
	require.NoError(t, err)
	require.Equal(t, l.Local(), c.Remote())
}

func TestDialRefused(t *testing.T) {
	a, b := bind(t, TCP, Options{}), bind(t, TCP, Options{})
	d := NewDial(TCP, append(ports(a), ports(b)...), netip.AddrPort{}, Options{}, false)
	_, err := dial(t, d)
	require.Equal(t, b.Local(), failedWith(t, err, "connect", syscall.ECONNREFUSED))

	_, pending, err := d.Step(false, false)
	require.Equal(t, -1, pending)
	failedWith(t, err, "connect", syscall.EALREADY)
}

func TestDialUnknownZone(t *testing.T) {
	list := []netip.AddrPort{netip.MustParseAddrPort("[fe80::1%no such]:1")}
	_, err := dial(t, NewDial(TCP, list, netip.AddrPort{}, Options{}, false))
	failedWith(t, err, "connect", syscall.ENODEV)
}

// full gives a listener that answers no more connects.
func full(t *testing.T) *Socket {
	t.Helper()
	zero := 0
	l := listen(t, Options{Backlog: &zero})
	for range 8 {
		d := NewDial(TCP, ports(l), netip.AddrPort{}, Options{}, false)
		t.Cleanup(d.Close)
		s, pending, err := d.Step(false, false)
		require.NoError(t, err)
		if s == nil && !poll(t, pending, unix.POLLOUT, 20) {
			return l
		}
		if s == nil {
			s, _, err = d.Step(true, false)
			require.NoError(t, err)
		}
		closing(t, s)
	}
	t.Skip("this kernel takes more connections than the backlog allows")
	return nil
}

func TestDialTimedOut(t *testing.T) {
	l := full(t)
	d := NewDial(TCP, append(ports(l), ports(l)...), netip.AddrPort{}, Options{}, false)
	defer d.Close()
	_, pending, err := d.Step(false, false)
	require.NoError(t, err)
	require.GreaterOrEqual(t, pending, 0)
	_, again, err := d.Step(false, false)
	require.NoError(t, err)
	require.Equal(t, pending, again, "asking does not hurt")

	_, again, err = d.Step(false, true)
	require.Equal(t, -1, again)
	failedWith(t, err, "connect", syscall.ETIMEDOUT)
	_, err = unix.FcntlInt(uintptr(pending), unix.F_GETFD, 0)
	require.Equal(t, error(syscall.EBADF), err, "closed")
}

func TestDialTimedOutTriesNoFurther(t *testing.T) {
	refusing, l := bind(t, TCP, Options{}), listen(t, Options{})
	d := NewDial(TCP, append(ports(refusing), ports(l)...), netip.AddrPort{}, Options{}, false)
	defer d.Close()
	s, pending, err := d.Step(false, false)
	require.NoError(t, err)
	if s != nil || pending < 0 {
		t.Skip("this kernel refuses at once")
	}
	require.True(t, poll(t, pending, unix.POLLOUT, patience))
	s, _, err = d.Step(true, true)
	if s != nil {
		closing(t, s)
		t.Skip("this kernel refuses at once")
	}
	failedWith(t, err, "connect", syscall.ECONNREFUSED)
}

func TestDialAsync(t *testing.T) {
	l := full(t)
	s, pending, err := NewDial(TCP, ports(l), netip.AddrPort{}, Options{}, true).Step(false, false)
	require.NoError(t, err)
	require.Equal(t, -1, pending)
	closing(t, s)
	nonblock, _ := statusFlags(t, s)
	require.True(t, nonblock)
	require.Equal(t, l.Local(), s.Remote())
	require.False(t, poll(t, s.FD(), unix.POLLOUT, 0))
	_, err = s.Name(true)
	require.Equal(t, error(syscall.ENOTCONN), err)
}

func TestDialAsyncRefused(t *testing.T) {
	s, _, err := NewDial(TCP, ports(bind(t, TCP, Options{})), netip.AddrPort{}, Options{}, true).Step(false, false)
	if err != nil {
		failedWith(t, err, "connect", syscall.ECONNREFUSED)
		return
	}
	closing(t, s)
	require.True(t, poll(t, s.FD(), unix.POLLOUT, patience))
	_, err = s.SendTo([]byte("x"), 0, netip.AddrPort{})
	require.Equal(t, error(syscall.ECONNREFUSED), err, "the error is left for the first use")
}

func TestDialUDP(t *testing.T) {
	server := bind(t, UDP, Options{})
	c := dialTo(t, server, Options{Broadcast: true})
	require.Equal(t, 1, option(t, c, unix.SOL_SOCKET, unix.SO_BROADCAST))
	_, err := c.SendTo([]byte("hello"), 0, netip.AddrPort{})
	require.NoError(t, err)
	data, from := receive(t, server, 0)
	require.Equal(t, "hello", data)
	require.Equal(t, c.Local(), from)
}

func TestDialUnix(t *testing.T) {
	path := socketPath(t)
	_, err := dial(t, NewDialUnix(Unix, path, Options{}, false))
	require.Equal(t, path, failedWith(t, err, "connect", syscall.ENOENT))

	s, err := BindUnix(Unix, path, Options{})
	require.NoError(t, err)
	closing(t, s)
	_, err = dial(t, NewDialUnix(Unix, path, Options{}, false))
	failedWith(t, err, "connect", syscall.ECONNREFUSED)
	_, err = dial(t, NewDialUnix(Udg, path, Options{}, false))
	failedWith(t, err, "connect", syscall.EPROTOTYPE)
	_, err = dial(t, NewDialUnix(Unix, "", Options{}, false))
	failedWith(t, err, "connect", syscall.EINVAL)

	require.NoError(t, s.Listen(0))
	c, err := dial(t, NewDialUnix(Unix, path, Options{}, true))
	require.NoError(t, err)
	nonblock, _ := statusFlags(t, c)
	require.True(t, nonblock, "async, although connected at once")
	_, err = dial(t, NewDialUnix(Unix, path, Options{}, false))
	failedWith(t, err, "connect", syscall.EAGAIN)
}

func TestDialClose(t *testing.T) {
	d := NewDial(TCP, ports(full(t)), netip.AddrPort{}, Options{}, false)
	_, pending, err := d.Step(false, false)
	require.NoError(t, err)
	require.GreaterOrEqual(t, pending, 0)
	d.Close()
	d.Close()
	_, err = unix.FcntlInt(uintptr(pending), unix.F_GETFD, 0)
	require.Equal(t, error(syscall.EBADF), err)
	_, _, err = d.Step(true, false)
	failedWith(t, err, "connect", syscall.EALREADY)
}
