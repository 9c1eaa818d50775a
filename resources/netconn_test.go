package resources

import (
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/nettest"
	"golang.org/x/sys/unix"
)

func TestNetConnOfTheKernel(t *testing.T) {
	client, server := connect(t)
	require.Zero(t, option(t, server, unix.IPPROTO_TCP, unix.TCP_NODELAY))
	conn, err := server.NetConn()
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	limit(t, conn)
	require.IsType(t, &net.TCPConn{}, conn)
	require.Equal(t, server.Local(), conn.LocalAddr().String())
	require.Equal(t, server.Remote(), conn.RemoteAddr().String())
	require.Zero(t, option(t, server, unix.IPPROTO_TCP, unix.TCP_NODELAY), "package net switches it on")
	require.Zero(t, option(t, server, unix.SOL_SOCKET, unix.SO_KEEPALIVE))

	send(t, client, "hello")
	require.Equal(t, "hello", readFull(t, conn, 5))
	require.NoError(t, server.Close())
	_, err = conn.Write([]byte("after the script's close"))
	require.NoError(t, err)
	data, _ := receive(t, client, 0)
	require.Equal(t, "after the script's close", data)

	_, err = server.NetConn()
	require.Equal(t, error(syscall.EBADF), err)
	_, err = listen(t, Options{}).NetConn()
	require.Equal(t, error(syscall.ENOTCONN), err)
	_, err = Unbound(TCP).NetConn()
	require.Equal(t, error(syscall.EBADF), err)
}

func TestNetConnOfOtherTransports(t *testing.T) {
	a, b, err := SocketPair(unix.AF_UNIX, unix.SOCK_STREAM, 0, Options{})
	require.NoError(t, err)
	closing(t, a, b)
	conn, err := a.NetConn()
	require.NoError(t, err)
	require.IsType(t, &net.UnixConn{}, conn)
	require.NoError(t, conn.Close())

	u := dialTo(t, bind(t, UDP, Options{}), Options{})
	conn, err = u.NetConn()
	require.NoError(t, err)
	require.IsType(t, &net.UDPConn{}, conn)
	require.NoError(t, conn.Close())
}

func TestNetConnOfVirtualSockets(t *testing.T) {
	for transport, want := range map[Transport]net.Addr{
		TCP:  &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1).To4(), Port: 80},
		Unix: &net.UnixAddr{Name: "@name", Net: "unix"},
		Mem:  memAddr("\x00name"),
		Pair: otherAddr{"pair", "\x00name"},
	} {
		t.Run(string(transport), func(t *testing.T) {
			goroutinesEnd(t)
			peer, conn := net.Pipe()
			limit(t, peer)
			s := script(t, noHalves{conn}, transport)
			name := "\x00name"
			if transport == TCP {
				name = "192.0.2.1:80"
			}
			s.virtual.remote = func() string { return name }
			copied, err := s.NetConn()
			require.NoError(t, err)
			limit(t, copied)
			require.Equal(t, want.String(), copied.RemoteAddr().String())
			require.Equal(t, want.Network(), copied.RemoteAddr().Network())
			nonblock, _ := statusFlags(t, s)
			require.False(t, nonblock, "as it was")

			// Both are ends of the same.
			go func() { _, _ = peer.Write([]byte("ab")) }()
			require.Equal(t, "a", readFull(t, copied, 1))
			data, _ := receive(t, s, 0)
			require.Equal(t, "b", data)
			require.NoError(t, s.Close())
			go func() { _, _ = copied.Write([]byte("c")) }()
			require.Equal(t, "c", readFull(t, peer, 1))
			require.NoError(t, copied.Close())
			_, err = copied.Read(make([]byte, 1))
			require.ErrorIs(t, err, net.ErrClosed)
			_, err = copied.Write(make([]byte, 1))
			require.ErrorIs(t, err, net.ErrClosed)
			_, err = peer.Read(make([]byte, 1))
			require.Equal(t, io.EOF, err)
		})
	}
}

func TestNetConnOfDatagrams(t *testing.T) {
	s, peer := connectedUDP(t)
	conn, err := s.NetConn()
	require.NoError(t, err)
	limit(t, conn)
	require.Equal(t, "udp", conn.RemoteAddr().Network())
	require.Equal(t, peer.LocalAddr().String(), conn.RemoteAddr().String())
	for _, datagram := range []string{"x", ""} {
		_, err = conn.Write([]byte(datagram))
		require.NoError(t, err)
		require.Equal(t, datagram, datagramOf(t, peer))
		_, err = peer.WriteToUDPAddrPort([]byte(datagram), ports(s)[0])
		require.NoError(t, err)
		require.Equal(t, datagram, datagramOf(t, conn))
	}
	require.NoError(t, conn.Close())
}

func TestFile(t *testing.T) {
	_, server := connect(t)
	file, err := server.File()
	require.NoError(t, err)
	require.Contains(t, file.Name(), server.Local())
	flags, err := unix.FcntlInt(file.Fd(), unix.F_GETFD, 0)
	require.NoError(t, err)
	require.NotZero(t, flags&unix.FD_CLOEXEC)
	require.NotEqual(t, server.FD(), int(file.Fd()))
	require.NoError(t, file.Close())
	require.NoError(t, server.Close())
	_, err = server.File()
	require.ErrorIs(t, err, syscall.EBADF)

	s, _ := pipe(t)
	_, err = s.File()
	require.ErrorIs(t, err, syscall.EOPNOTSUPP)
}

func TestFromConnOfTheKernel(t *testing.T) {
	goroutinesEnd(t)
	client, server := tcpConns(t)
	s, err := FromConn(server, TCP, Options{NoDelay: true, Linger: 3, KeepAlive: KeepAlive{Enabled: true, Idle: 77}})
	require.NoError(t, err)
	closing(t, s)
	require.False(t, s.Virtual())
	require.Equal(t, KindConn, s.Kind())
	require.Equal(t, client.RemoteAddr().String(), s.Local())
	require.Equal(t, client.LocalAddr().String(), s.Remote())
	nonblock, cloexec := statusFlags(t, s)
	require.False(t, nonblock)
	require.False(t, cloexec)
	require.Equal(t, 77, option(t, s, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE))
	_, err = server.Write([]byte("x"))
	require.ErrorIs(t, err, net.ErrClosed, "Go's own is closed")
	send(t, s, "hello")
	require.Equal(t, "hello", readFull(t, client, 5))

	_, err = FromConn(server, TCP, Options{})
	var failed *Error
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "socket", failed.Op)
}

func TestFromPacketConnOfTheKernel(t *testing.T) {
	goroutinesEnd(t)
	peer := udpConn(t)
	s, err := FromPacketConn(udpConn(t), UDP, Options{CloseOnExec: true})
	require.NoError(t, err)
	closing(t, s)
	require.False(t, s.Virtual())
	require.Equal(t, KindBound, s.Kind())
	_, cloexec := statusFlags(t, s)
	require.True(t, cloexec)
	_, err = peer.WriteToUDPAddrPort([]byte("x"), ports(s)[0])
	require.NoError(t, err)
	data, from := receive(t, s, 0)
	require.Equal(t, []string{"x", peer.LocalAddr().String()}, []string{data, from})

	path := socketPath(t)
	pc, err := net.ListenPacket("unixgram", path)
	require.NoError(t, err)
	s, err = FromPacketConn(pc, Udg, Options{})
	require.NoError(t, err)
	closing(t, s)
	require.Equal(t, path, s.Local())
	require.Equal(t, KindBound, s.Kind())
	require.FileExists(t, path)
}

func TestFromConnWithoutDescriptors(t *testing.T) {
	goroutinesEnd(t)
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	defer func() { require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)) }()
	null, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer func() { _ = null.Close() }()
	peer, conn := net.Pipe()
	require.NoError(t, peer.SetDeadline(time.Now().Add(patience*time.Millisecond)))
	for room := range uint64(6) {
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: uint64(null.Fd()) + 1 + room, Max: limit.Max}))
		s, err := FromConn(noHalves{conn}, Unix, Options{})
		if err == nil {
			require.NoError(t, s.Close())
			break
		}
		require.ErrorIs(t, err, syscall.EMFILE)
	}
	_, err = peer.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err, "taken over in the end")
}

func TestNetConnIsANetConn(t *testing.T) {
	nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return nil, nil, nil, err
		}
		a, err := newEndpoint(fds[0], false)
		if err != nil {
			return nil, nil, nil, err
		}
		b, err := newEndpoint(fds[1], false)
		if err != nil {
			return nil, nil, nil, err
		}
		a.local, a.remote = otherAddr{"test", "a"}, otherAddr{"test", "b"}
		b.local, b.remote = a.remote, a.local
		return a, b, func() { _, _ = a.Close(), b.Close() }, nil
	})
}

func TestPumpedIsANetConn(t *testing.T) {
	goroutinesEnd(t)
	nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			return nil, nil, nil, err
		}
		defer func() { _ = l.Close() }()
		if c2, err = net.Dial("tcp4", l.Addr().String()); err != nil {
			return nil, nil, nil, err
		}
		server, err := l.Accept()
		if err != nil {
			return nil, nil, nil, err
		}
		s, err := FromConn(noHalves{server}, TCP, Options{})
		if err != nil {
			return nil, nil, nil, err
		}
		if c1, err = s.NetConn(); err != nil {
			return nil, nil, nil, err
		}
		_ = s.Close() // or it would have to be closed, too, before the other side reads the end
		return c1, c2, func() { _, _ = c1.Close(), c2.Close() }, nil
	})
}
