package resources

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// wrappedPacketConn is a socket that is not the kernel's alone any more.
type wrappedPacketConn struct{ net.PacketConn }

// wrappedUDP is a connected one.
type wrappedUDP struct{ *net.UDPConn }

func udpConn(t *testing.T) *net.UDPConn {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	limit(t, c)
	return c
}

func framedSocket(t *testing.T) *Socket {
	t.Helper()
	goroutinesEnd(t)
	s, err := FromPacketConn(wrappedPacketConn{udpConn(t)}, UDP, Options{})
	require.NoError(t, err)
	closing(t, s)
	return s
}

func TestFramedSocket(t *testing.T) {
	s := framedSocket(t)
	require.True(t, s.Virtual())
	require.True(t, s.Framed())
	require.Equal(t, KindBound, s.Kind())
	name, err := s.Name(false)
	require.NoError(t, err)
	require.Equal(t, s.Local(), name)
	_, err = s.Name(true)
	require.Equal(t, error(syscall.ENOTCONN), err)
	require.Equal(t, error(syscall.ENOTCONN), s.Shutdown(unix.SHUT_WR))
	_, _, err = s.Accept()
	require.Equal(t, error(syscall.EOPNOTSUPP), err)
	_, err = s.NetConn()
	require.Equal(t, error(syscall.ENOTCONN), err)

	peer := udpConn(t)
	peerAddr := peer.LocalAddr().(*net.UDPAddr).AddrPort()
	_, err = peer.WriteToUDPAddrPort([]byte("hello"), ports(s)[0])
	require.NoError(t, err)
	data, from := receive(t, s, unix.MSG_PEEK)
	require.Equal(t, []string{"hello", peerAddr.String()}, []string{data, from})
	data, from = receive(t, s, 0)
	require.Equal(t, []string{"hello", peerAddr.String()}, []string{data, from})
	_, _, err = s.RecvFrom(make([]byte, 8), 0)
	require.Equal(t, error(syscall.EAGAIN), err)

	for _, datagram := range []string{"to you", "", strings.Repeat("x", 60000)} {
		n, err := s.SendTo([]byte(datagram), 0, peerAddr)
		require.NoError(t, err)
		require.Len(t, datagram, n)
		buf := make([]byte, 1<<16)
		n, source, err := peer.ReadFromUDPAddrPort(buf)
		require.NoError(t, err)
		require.Equal(t, datagram, string(buf[:n]))
		require.Equal(t, s.Local(), source.String())
	}
	_, err = s.SendTo([]byte("x"), 0, nobody)
	require.Equal(t, error(syscall.EDESTADDRREQ), err)
	_, err = s.SendTo(make([]byte, 65508), 0, peerAddr)
	require.Equal(t, error(syscall.EMSGSIZE), err)
}

func TestFramedSocketCutsAndKeeps(t *testing.T) {
	s := framedSocket(t)
	peer := udpConn(t)
	for _, datagram := range []string{"", "0123456789", "next"} {
		_, err := peer.WriteToUDPAddrPort([]byte(datagram), ports(s)[0])
		require.NoError(t, err)
	}
	data, from := receive(t, s, 0)
	require.Empty(t, data)
	require.Equal(t, peer.LocalAddr().String(), from, "an empty datagram has a sender, too")
	require.True(t, poll(t, s.FD(), unix.POLLIN, patience))
	buf := make([]byte, 4)
	n, _, err := s.RecvFrom(buf, 0)
	require.NoError(t, err)
	require.Equal(t, "0123", string(buf[:n]))
	data, _ = receive(t, s, 0)
	require.Equal(t, "next", data, "the rest is lost")
}

func TestFramedSocketPassesOnWhatWasSent(t *testing.T) {
	s := framedSocket(t)
	peer := udpConn(t)
	target := peer.LocalAddr().(*net.UDPAddr).AddrPort()
	// A target that cannot be is like one that does not answer.
	for _, to := range []netip.AddrPort{netip.MustParseAddrPort("[::1]:9"), netip.MustParseAddrPort("127.0.0.1:0"), target} {
		_, err := s.SendTo([]byte("last"), 0, to)
		require.NoError(t, err)
	}
	require.NoError(t, unix.Send(s.FD(), []byte("no frame"), unix.MSG_NOSIGNAL))
	require.NoError(t, s.Close())
	buf := make([]byte, 8)
	n, err := peer.Read(buf)
	require.NoError(t, err)
	require.Equal(t, "last", string(buf[:n]))
}

func TestFrames(t *testing.T) {
	for name, want := range map[string]string{
		"":                       "",
		"1.2.3.4:5":              "1.2.3.4:5",
		strings.Repeat("n", 100): strings.Repeat("n", 63),
	} {
		frame := []byte(strings.Repeat("?", 70))
		putFrame(frame, name)
		require.Equal(t, want, frameName(frame))
		require.Equal(t, "??????", string(frame[64:]))
	}
	require.Empty(t, frameName(make([]byte, 63)), "too short")
	broken := make([]byte, 64)
	broken[0] = 255
	require.Len(t, frameName(broken), 63)
}

// connectedUDP gives a script's socket over a connected udp socket and its peer.
func connectedUDP(t *testing.T) (*Socket, *net.UDPConn) {
	t.Helper()
	goroutinesEnd(t)
	peer := udpConn(t)
	conn, err := net.DialUDP("udp4", nil, peer.LocalAddr().(*net.UDPAddr))
	require.NoError(t, err)
	return script(t, wrappedUDP{conn}, UDP), peer
}

func TestDatagramConnection(t *testing.T) {
	s, peer := connectedUDP(t)
	require.False(t, s.Framed())
	require.Equal(t, KindConn, s.Kind())
	scriptAddr := ports(s)[0]
	buf := make([]byte, 1<<16)
	for _, datagram := range []string{"one", "", "two", strings.Repeat("x", 60000)} {
		n, err := s.SendTo([]byte(datagram), 0, nobody)
		require.NoError(t, err)
		require.Len(t, datagram, n)
		n, from, err := peer.ReadFromUDPAddrPort(buf)
		require.NoError(t, err)
		require.Equal(t, datagram, string(buf[:n]))
		require.Equal(t, scriptAddr, from)
	}
	for _, datagram := range []string{"one", "", "two"} {
		_, err := peer.WriteToUDPAddrPort([]byte(datagram), scriptAddr)
		require.NoError(t, err)
	}
	for _, want := range []string{"one", "", "two"} {
		data, from := receive(t, s, 0)
		require.Equal(t, want, data)
		require.Equal(t, peer.LocalAddr().String(), from)
	}
	_, err := s.SendTo([]byte("x"), 0, peer.LocalAddr().(*net.UDPAddr).AddrPort())
	require.NoError(t, err)
	_, err = s.SendTo([]byte("x"), 0, scriptAddr)
	require.Equal(t, error(syscall.EISCONN), err)
	_, err = s.SendTo(make([]byte, 65508), 0, nobody)
	require.Equal(t, error(syscall.EMSGSIZE), err)
	// The engine's C writes to the descriptor itself.
	require.NoError(t, unix.Send(s.FD(), make([]byte, 100000), unix.MSG_NOSIGNAL))
	_, err = s.SendTo([]byte("after"), 0, nobody)
	require.NoError(t, err)
	require.Equal(t, "x", datagramOf(t, peer))
	require.Equal(t, "after", datagramOf(t, peer), "what is too long is lost")
}

func datagramOf(t *testing.T, peer net.Conn) string {
	t.Helper()
	buf := make([]byte, 1<<16)
	n, err := peer.Read(buf)
	require.NoError(t, err)
	return string(buf[:n])
}

func TestDatagramConnectionSurvivesRefusals(t *testing.T) {
	s, peer := connectedUDP(t)
	address := peer.LocalAddr().(*net.UDPAddr)
	require.NoError(t, peer.Close())
	for range 5 {
		_, err := s.SendTo([]byte("nobody there"), 0, nobody)
		require.NoError(t, err)
		time.Sleep(time.Millisecond)
	}
	peer, err := net.ListenUDP("udp4", address)
	require.NoError(t, err)
	defer func() { _ = peer.Close() }()
	limit(t, peer)
	// The refusals may have been told meanwhile or not.
	require.Eventually(t, func() bool {
		_, err := s.SendTo([]byte("somebody"), 0, nobody)
		return err == nil && peer.SetReadDeadline(time.Now().Add(20*time.Millisecond)) == nil && reads(peer)
	}, patience*time.Millisecond, time.Millisecond)
}

func reads(c net.Conn) bool {
	_, err := c.Read(make([]byte, 100))
	return err == nil
}

func TestDatagramConnectionFails(t *testing.T) {
	goroutinesEnd(t)
	conn := newFaulty()
	conn.reads = make(chan any, 2*maxFailures)
	s := script(t, conn, UDP)
	for range maxFailures {
		conn.reads <- errors.New("for ever")
	}
	require.True(t, conn.isClosed())
	require.True(t, poll(t, s.FD(), unix.POLLIN, patience))
	_, _, err := s.RecvFrom(make([]byte, 1), 0)
	require.Equal(t, error(syscall.ECONNRESET), err)
}

func TestDatagramConnectionEnds(t *testing.T) {
	goroutinesEnd(t)
	conn := newFaulty()
	s := script(t, conn, UDP)
	conn.writes <- errors.New("lost")
	conn.writes <- nil
	conn.reads <- "still there"
	_, err := s.SendTo([]byte("a"), 0, nobody)
	require.NoError(t, err)
	_, err = s.SendTo([]byte("b"), 0, nobody)
	require.NoError(t, err)
	data, _ := receive(t, s, 0)
	require.Equal(t, "still there", data)
	conn.reads <- io.EOF
	data, _ = receive(t, s, 0)
	require.Empty(t, data)
	require.NoError(t, s.Close())
	require.True(t, conn.isClosed())
}

func TestUnixDatagramsOfAnyLength(t *testing.T) {
	goroutinesEnd(t)
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	conn, err := newEndpoint(fds[0], true)
	require.NoError(t, err)
	peer, err := newEndpoint(fds[1], true)
	require.NoError(t, err)
	defer func() { _ = peer.Close() }()
	limit(t, peer)
	s := script(t, conn, Udg)
	for _, length := range []int{0, 1, 1 << 17} {
		n, err := s.SendTo(make([]byte, length), 0, nobody)
		require.NoError(t, err)
		require.Equal(t, length, n)
		n, err = peer.Read(make([]byte, 1<<18))
		require.NoError(t, err)
		require.Equal(t, length, n)
	}
}
