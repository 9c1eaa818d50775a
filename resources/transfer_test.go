package resources

import (
	"errors"
	"net/netip"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

var nobody netip.AddrPort

func TestAccept(t *testing.T) {
	l := listen(t, Options{CloseOnExec: true})
	_, _, err := l.Accept()
	require.Equal(t, error(syscall.EAGAIN), err)

	c := dialTo(t, l, Options{})
	s := accept(t, l)
	require.Equal(t, KindConn, s.Kind())
	require.Equal(t, c.Local(), s.Remote())
	nonblock, cloexec := statusFlags(t, s)
	require.False(t, nonblock)
	require.True(t, cloexec)
	require.NoError(t, s.SetNoDelay())
	require.Equal(t, 1, option(t, s, unix.IPPROTO_TCP, unix.TCP_NODELAY))

	_, _, err = bind(t, TCP, Options{}).Accept()
	require.Equal(t, error(syscall.EINVAL), err)
}

func TestAcceptOnAnyAddress(t *testing.T) {
	l, err := Bind(TCP, []netip.AddrPort{netip.MustParseAddrPort("0.0.0.0:0")}, Options{})
	require.NoError(t, err)
	closing(t, l)
	require.NoError(t, l.Listen(1))
	port := ports(l)[0].Port()
	target := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port)
	_, err = dial(t, NewDial(TCP, []netip.AddrPort{target}, nobody, Options{}, false))
	require.NoError(t, err)
	require.Equal(t, target.String(), accept(t, l).Local())
}

func TestStream(t *testing.T) {
	c, s := connect(t)
	_, _, err := s.RecvFrom(make([]byte, 1), 0)
	require.Equal(t, error(syscall.EAGAIN), err)

	n, err := c.SendTo([]byte("hello"), 0, nobody)
	require.NoError(t, err)
	require.Equal(t, 5, n)
	data, from := receive(t, s, unix.MSG_PEEK)
	require.Equal(t, "hello", data)
	require.Empty(t, from)
	data, _ = receive(t, s, 0)
	require.Equal(t, "hello", data)

	_, err = c.SendTo([]byte("!"), unix.MSG_OOB, nobody)
	require.NoError(t, err)
	data, _ = receive(t, s, unix.MSG_OOB)
	require.Equal(t, "!", data)

	require.NoError(t, c.Shutdown(unix.SHUT_WR))
	require.NoError(t, c.Shutdown(unix.SHUT_WR), "again")
	data, _ = receive(t, s, 0)
	require.Empty(t, data, "closed by the peer")
	_, err = c.SendTo([]byte("x"), 0, nobody)
	require.Equal(t, error(syscall.EPIPE), err)

	name, err := s.Name(true)
	require.NoError(t, err)
	require.Equal(t, c.Local(), name)
}

func TestStreamFillsUp(t *testing.T) {
	c, _ := connect(t)
	chunk := make([]byte, 1<<20)
	for range 64 {
		if _, err := c.SendTo(chunk, 0, nobody); err != nil {
			require.Equal(t, error(syscall.EAGAIN), err)
			return
		}
	}
	t.Fatal("64 MiB and still not full")
}

func TestDatagrams(t *testing.T) {
	a, b := bind(t, UDP, Options{}), bind(t, UDP, Options{})
	to := ports(b)[0]
	for _, data := range []string{"datagram", ""} {
		n, err := a.SendTo([]byte(data), 0, to)
		require.NoError(t, err)
		require.Equal(t, len(data), n)
		got, from := receive(t, b, 0)
		require.Equal(t, data, got)
		require.Equal(t, a.Local(), from)
	}

	_, err := a.SendTo([]byte("long"), 0, to)
	require.NoError(t, err)
	require.True(t, poll(t, b.FD(), unix.POLLIN, patience))
	buf := make([]byte, 2)
	n, _, err := b.RecvFrom(buf, 0)
	require.NoError(t, err)
	require.Equal(t, "lo", string(buf[:n]))
	_, _, err = b.RecvFrom(buf, 0)
	require.Equal(t, error(syscall.EAGAIN), err, "the rest is lost")

	for to, want := range map[netip.AddrPort]syscall.Errno{
		nobody:                                         syscall.EDESTADDRREQ,
		netip.MustParseAddrPort("[::1]:9"):             syscall.EAFNOSUPPORT,
		netip.MustParseAddrPort("127.0.0.1:0"):         syscall.EINVAL,
		netip.MustParseAddrPort("255.255.255.255:9"):   syscall.EACCES,
		netip.MustParseAddrPort("[fe80::1%no such]:9"): syscall.ENODEV,
	} {
		_, err = a.SendTo([]byte("x"), 0, to)
		if !errors.Is(err, syscall.ENETUNREACH) { // a host without a network has no broadcast
			require.Equal(t, error(want), err, "%v", to)
		}
	}
	_, err = a.SendTo(make([]byte, 70000), 0, ports(b)[0])
	require.Equal(t, error(syscall.EMSGSIZE), err)
	require.Equal(t, error(syscall.ENOTCONN), a.Shutdown(unix.SHUT_RD))
}

func TestDatagramsBetweenFamilies(t *testing.T) {
	needIPv6(t)
	no := false
	six, err := Bind(UDP, []netip.AddrPort{netip.MustParseAddrPort("[::]:0")}, Options{V6Only: &no})
	require.NoError(t, err)
	closing(t, six)
	four := bind(t, UDP, Options{})
	_, err = six.SendTo([]byte("x"), 0, ports(four)[0])
	require.NoError(t, err)
	_, from := receive(t, four, 0)
	_, err = four.SendTo([]byte("y"), 0, netip.MustParseAddrPort(from))
	require.NoError(t, err)
	_, from = receive(t, six, 0)
	require.Equal(t, "[::ffff:127.0.0.1]:"+four.Local()[len("127.0.0.1:"):], from)
}

func TestUnixDatagrams(t *testing.T) {
	path := socketPath(t)
	server, err := BindUnix(Udg, path, Options{})
	require.NoError(t, err)
	closing(t, server)
	for _, own := range []string{path + ".c", "\x00" + path} {
		named, err := BindUnix(Udg, own, Options{})
		require.NoError(t, err)
		closing(t, named)
		a := unixSockaddr(path)
		require.Zero(t, sysConnect(named.FD(), &a))
		_, err = named.SendTo([]byte("x"), 0, nobody)
		require.NoError(t, err)
		_, from := receive(t, server, 0)
		require.Equal(t, own, from)
	}
	unnamed, err := dial(t, NewDialUnix(Udg, path, Options{}, false))
	require.NoError(t, err)
	_, err = unnamed.SendTo([]byte("x"), 0, nobody)
	require.NoError(t, err)
	_, from := receive(t, server, 0)
	require.Empty(t, from)
}

func TestNoDescriptor(t *testing.T) {
	closed := bind(t, UDP, Options{})
	fd := closed.FD()
	require.NoError(t, closed.Close())
	require.NoError(t, closed.Close(), "again")
	_, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	require.Equal(t, error(syscall.EBADF), err)

	unbound := Unbound(Unix)
	require.Equal(t, Unix, unbound.Transport())
	require.Equal(t, KindUnbound, unbound.Kind())
	for _, s := range []*Socket{closed, unbound} {
		require.Equal(t, -1, s.FD())
		bad := error(syscall.EBADF)
		_, _, err := s.Accept()
		require.Equal(t, bad, err)
		_, _, err = s.RecvFrom(make([]byte, 1), 0)
		require.Equal(t, bad, err)
		_, err = s.SendTo(nil, 0, nobody)
		require.Equal(t, bad, err)
		_, err = s.Name(false)
		require.Equal(t, bad, err)
		require.Equal(t, bad, s.Shutdown(unix.SHUT_RDWR))
		require.Equal(t, bad, s.SetNoDelay())
		require.NoError(t, s.Close())
	}
	require.Equal(t, "bound", closed.Kind().String())
	require.Equal(t, "unknown", Kind(99).String())
}

func TestSetNoDelayOfUnixFails(t *testing.T) {
	a, b, err := SocketPair(unix.AF_UNIX, unix.SOCK_STREAM, 0, Options{})
	require.NoError(t, err)
	closing(t, a, b)
	require.Equal(t, error(syscall.EOPNOTSUPP), a.SetNoDelay())
}
