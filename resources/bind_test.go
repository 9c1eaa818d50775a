package resources

import (
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// failedWith checks an error, and returns the address that it is about.
func failedWith(t *testing.T, err error, op string, errno syscall.Errno) (address string) {
	t.Helper()
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, op, e.Op)
	require.Equal(t, errno, e.Errno)
	require.Equal(t, Strerror(errno), e.Text)
	require.ErrorIs(t, err, errno)
	return e.Address
}

func TestBindTakesFirstThatWorks(t *testing.T) {
	used := listen(t, Options{})
	s, err := Bind(TCP, append(ports(used), loopback...), Options{})
	require.NoError(t, err)
	closing(t, s)
	require.Equal(t, KindBound, s.Kind())
	require.Equal(t, TCP, s.Transport())
	require.NotEqual(t, used.Local(), s.Local())
	require.Regexp(t, `^127\.0\.0\.1:[1-9]\d*$`, s.Local())
	require.Empty(t, s.Remote())
	require.False(t, s.Created().IsZero())

	name, err := s.Name(false)
	require.NoError(t, err)
	require.Equal(t, s.Local(), name)
	_, err = s.Name(true)
	require.Equal(t, error(syscall.ENOTCONN), err)
}

func TestBindFails(t *testing.T) {
	used := listen(t, Options{})
	elsewhere := netip.MustParseAddrPort("192.0.2.1:0") // documentation, on no host

	_, err := Bind(TCP, append(ports(used), elsewhere), Options{})
	address := failedWith(t, err, "bind", syscall.EADDRNOTAVAIL)
	require.Equal(t, "192.0.2.1:0", address, "the last address counts")

	_, err = Bind(TCP, ports(used), Options{})
	failedWith(t, err, "bind", syscall.EADDRINUSE)

	_, err = Bind(TCP, nil, Options{})
	failedWith(t, err, "bind", syscall.EINVAL)

	_, err = Bind(UDP, []netip.AddrPort{netip.MustParseAddrPort("[fe80::1%no such]:0")}, Options{})
	failedWith(t, err, "bind", syscall.ENODEV)
}

func TestServerOptions(t *testing.T) {
	yes, no := true, false
	needIPv6(t)
	// For an address that IPv4 could not reach anyway the kernel says 1.
	six := []netip.AddrPort{netip.MustParseAddrPort("[::]:0")}
	for name, c := range map[string]struct {
		transport               Transport
		addrs                   []netip.AddrPort
		o                       Options
		v6only, port, broadcast int
	}{
		"none":            {TCP, loopback, Options{}, -1, 0, 0},
		"reuseport":       {TCP, loopback, Options{ReusePort: true}, -1, 1, 0},
		"v6only":          {TCP, six, Options{V6Only: &yes}, 1, 0, 0},
		"not v6only":      {TCP, six, Options{V6Only: &no}, 0, 0, 0},
		"v6only on IPv4":  {TCP, loopback, Options{V6Only: &yes}, -1, 0, 0},
		"udp broadcast":   {UDP, loopback, Options{Broadcast: true}, -1, 0, 1},
		"tcp broadcast":   {TCP, loopback, Options{Broadcast: true}, -1, 0, 0},
		"nodelay, server": {TCP, loopback, Options{NoDelay: true}, -1, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Bind(c.transport, c.addrs, c.o)
			require.NoError(t, err)
			closing(t, s)
			require.Equal(t, 1, option(t, s, unix.SOL_SOCKET, unix.SO_REUSEADDR))
			require.Equal(t, c.port, option(t, s, unix.SOL_SOCKET, unix.SO_REUSEPORT))
			require.Equal(t, c.broadcast, option(t, s, unix.SOL_SOCKET, unix.SO_BROADCAST))
			if c.v6only >= 0 {
				require.Equal(t, c.v6only, option(t, s, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY))
			}
			if c.transport == TCP {
				require.Zero(t, option(t, s, unix.IPPROTO_TCP, unix.TCP_NODELAY))
			}
		})
	}
}

func TestListen(t *testing.T) {
	require.Equal(t, 32, Options{}.ListenBacklog())
	backlog := 0
	require.Equal(t, 0, Options{Backlog: &backlog}.ListenBacklog())

	s := bind(t, TCP, Options{})
	nonblock, cloexec := statusFlags(t, s)
	require.False(t, nonblock)
	require.False(t, cloexec)
	require.NoError(t, s.Listen(DefaultBacklog))
	require.Equal(t, KindListener, s.Kind())
	nonblock, _ = statusFlags(t, s)
	require.True(t, nonblock)

	u := bind(t, UDP, Options{CloseOnExec: true})
	failedWith(t, u.Listen(1), "listen", syscall.EOPNOTSUPP)
	require.Equal(t, KindBound, u.Kind())
	nonblock, cloexec = statusFlags(t, u)
	require.False(t, nonblock)
	require.True(t, cloexec)

	failedWith(t, Unbound(TCP).Listen(1), "listen", syscall.EBADF)
}

func TestListenInUse(t *testing.T) {
	a := bind(t, TCP, Options{ReusePort: true})
	b, err := Bind(TCP, ports(a), Options{ReusePort: true})
	require.NoError(t, err)
	closing(t, b)
	require.NoError(t, a.Listen(1))
	require.NoError(t, b.Listen(1))

	// Without it two sockets may be bound to one port, but only one may listen.
	c := bind(t, TCP, Options{})
	d, err := Bind(TCP, ports(c), Options{})
	require.NoError(t, err)
	closing(t, d)
	require.NoError(t, c.Listen(1))
	failedWith(t, d.Listen(1), "listen", syscall.EADDRINUSE)
}

func TestBindUnix(t *testing.T) {
	path := socketPath(t)
	for name, c := range map[string]struct{ path, local string }{
		"path":             {path, path},
		"abstract":         {"\x00" + path, "\x00" + path},
		"NUL in abstract":  {"\x00" + path + "\x00b", "\x00" + path + "\x00b"},
		"all of 108 bytes": {"\x00" + path + strings.Repeat("a", 107-len(path)), "\x00" + path + strings.Repeat("a", 107-len(path))},
		"too long":         {path + strings.Repeat("b", 107), path + strings.Repeat("b", 107-len(path))},
		"NUL in path":      {path + "c\x00d", path + "c"},
		"at sign in path":  {path + "@", path + "@"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := BindUnix(Unix, c.path, Options{})
			require.NoError(t, err)
			closing(t, s)
			require.Equal(t, c.local, s.Local())
			require.NoError(t, s.Listen(1))
			client, err := dial(t, NewDialUnix(Unix, c.path, Options{}, false))
			require.NoError(t, err)
			require.Equal(t, c.local, client.Remote())
			require.Empty(t, client.Local())
			server := accept(t, s)
			require.Equal(t, c.local, server.Local())
			require.Empty(t, server.Remote())
		})
	}
}

func TestBindUnixAtSignIsAPath(t *testing.T) {
	t.Chdir(t.TempDir())
	s, err := BindUnix(Udg, "@name", Options{})
	require.NoError(t, err)
	require.Equal(t, "@name", s.Local())
	require.NoError(t, s.Close())
	_, err = os.Stat("@name")
	require.NoError(t, err, "closing leaves the path")
}

func TestBindUnixChoosesName(t *testing.T) {
	s, err := BindUnix(Udg, "", Options{})
	require.NoError(t, err)
	closing(t, s)
	require.Regexp(t, "^\x00[0-9a-f]{5}$", s.Local())
}

func TestBindUnixFails(t *testing.T) {
	path := socketPath(t)
	s, err := BindUnix(Unix, path, Options{})
	require.NoError(t, err)
	closing(t, s)
	for name, want := range map[string]syscall.Errno{
		path:                 syscall.EADDRINUSE,
		path + "/below":      syscall.ENOTDIR,
		path + ".none/below": syscall.ENOENT,
	} {
		_, err := BindUnix(Unix, name, Options{})
		require.Equal(t, name, failedWith(t, err, "bind", want))
	}
}

// A descriptor limit makes socket() itself fail.
func TestNoSocket(t *testing.T) {
	var limit unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	none := unix.Rlimit{Cur: 0, Max: limit.Max}
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &none))
	_, errBind := Bind(TCP, loopback, Options{})
	_, errUnix := BindUnix(Unix, "", Options{})
	_, _, errPair := SocketPair(unix.AF_UNIX, unix.SOCK_STREAM, 0, Options{})
	_, _, errDial := NewDial(TCP, loopback, netip.AddrPort{}, Options{}, false).Step(false, false)
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))

	failedWith(t, errBind, "socket", syscall.EMFILE)
	failedWith(t, errUnix, "socket", syscall.EMFILE)
	failedWith(t, errPair, "socketpair", syscall.EMFILE)
	failedWith(t, errDial, "socket", syscall.EMFILE)
}
