package resources

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// network is a Dialer and ListenConfig of a test. Names of networks and
// addresses are written down.
type network struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	mu   sync.Mutex
	seen []string
}

func (n *network) note(network, address string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen = append(n.seen, network+" "+address)
}

func (n *network) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	n.note(network, address)
	return n.dial(ctx, network, address)
}

// dialWrapped wraps what the kernel gives.
func dialWrapped(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return wrappedConn{c.(*net.TCPConn)}, nil
}

type wrappedTCPListener struct{ net.Listener }

func (n *network) Listen(ctx context.Context, network, address string) (net.Listener, error) {
	n.note(network, address)
	l, err := new(net.ListenConfig).Listen(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return wrappedTCPListener{l}, nil
}

func (n *network) ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error) {
	n.note(network, address)
	c, err := new(net.ListenConfig).ListenPacket(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return wrappedPacketConn{c}, nil
}

func addrPorts(texts ...string) []netip.AddrPort {
	var list []netip.AddrPort
	for _, text := range texts {
		list = append(list, netip.MustParseAddrPort(text))
	}
	return list
}

func goListener(t *testing.T) *net.TCPListener {
	t.Helper()
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	require.NoError(t, l.SetDeadline(time.Now().Add(patience*time.Millisecond)))
	return l
}

func goAccept(t *testing.T, l net.Listener) net.Conn {
	t.Helper()
	c, err := l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	limit(t, c)
	return c
}

func TestDialVia(t *testing.T) {
	goroutinesEnd(t)
	l := goListener(t)
	n := &network{dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == l.Addr().String() {
			return dialWrapped(ctx, network, address)
		}
		return nil, syscall.EHOSTUNREACH
	}}
	addrs := append(addrPorts("[2001:db8::1]:80", "[::ffff:192.0.2.1]:80"), netip.MustParseAddrPort(l.Addr().String()), netip.MustParseAddrPort("192.0.2.2:80"))
	s, err := DialVia(t.Context(), n, TCP, addrs, "", Options{CloseOnExec: true})
	require.NoError(t, err)
	closing(t, s)
	require.Equal(t, []string{"tcp6 [2001:db8::1]:80", "tcp4 192.0.2.1:80", "tcp4 " + l.Addr().String()}, n.seen)
	require.True(t, s.Virtual())
	require.Equal(t, l.Addr().String(), s.Remote())
	_, cloexec := statusFlags(t, s)
	require.True(t, cloexec)
	peer := goAccept(t, l)
	require.Equal(t, peer.RemoteAddr().String(), s.Local())
	send(t, s, "hello")
	require.Equal(t, "hello", readFull(t, peer, 5))
}

func TestDialViaTheKernel(t *testing.T) {
	goroutinesEnd(t)
	l := goListener(t)
	s, err := DialVia(t.Context(), &net.Dialer{}, TCP, []netip.AddrPort{netip.MustParseAddrPort(l.Addr().String())}, "", Options{})
	require.NoError(t, err)
	closing(t, s)
	require.False(t, s.Virtual())
	require.Equal(t, l.Addr().String(), s.Remote())
}

func TestDialViaUDP(t *testing.T) {
	goroutinesEnd(t)
	peer := udpConn(t)
	n := &network{dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, address)
		return struct{ net.Conn }{c}, err
	}}
	s, err := DialVia(t.Context(), n, UDP, addrPorts(peer.LocalAddr().String()), "", Options{})
	require.NoError(t, err)
	closing(t, s)
	require.Equal(t, []string{"udp4 " + peer.LocalAddr().String()}, n.seen)
	_, err = s.SendTo([]byte("datagram"), 0, nobody)
	require.NoError(t, err)
	require.Equal(t, "datagram", datagramOf(t, peer))
}

func TestDialViaWithoutNames(t *testing.T) {
	goroutinesEnd(t)
	conn := newFaulty()
	n := &network{dial: func(context.Context, string, string) (net.Conn, error) { return conn, nil }}
	s, err := DialVia(t.Context(), n, TCP, addrPorts("192.0.2.1:80"), "", Options{})
	require.NoError(t, err)
	closing(t, s)
	require.Equal(t, "192.0.2.1:80", s.Remote(), "what it was asked for")
	require.Empty(t, s.Local())
}

// timeoutError is one of package net's kind.
type timeoutError struct{ error }

func (timeoutError) Timeout() bool { return true }

func TestDialViaErrors(t *testing.T) {
	for name, test := range map[string]struct {
		err   error
		errno syscall.Errno
		text  string
	}{
		"errno":    {&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, syscall.ECONNREFUSED, "Connection refused"},
		"wrapped":  {fmt.Errorf("proxy: %w", syscall.ENETUNREACH), syscall.ENETUNREACH, "Network is unreachable"},
		"own":      {fmt.Errorf("no: %w", &Error{Errno: syscall.EACCES, Text: "not today"}), syscall.EACCES, "not today"},
		"deadline": {context.DeadlineExceeded, syscall.ETIMEDOUT, "Connection timed out"},
		"timeout":  {timeoutError{errors.New("slow")}, syscall.ETIMEDOUT, "Connection timed out"},
		"canceled": {context.Canceled, syscall.ECANCELED, "Operation canceled"},
		"other":    {errors.New("proxy says no"), syscall.EIO, "proxy says no"},
	} {
		t.Run(name, func(t *testing.T) {
			n := &network{dial: func(context.Context, string, string) (net.Conn, error) { return nil, test.err }}
			_, err := DialVia(t.Context(), n, TCP, addrPorts("192.0.2.1:1", "192.0.2.2:2"), "", Options{})
			var failed *Error
			require.ErrorAs(t, err, &failed)
			require.Equal(t, Error{Op: "connect", Address: "192.0.2.2:2", Errno: test.errno, Text: test.text}, *failed)
			require.Len(t, n.seen, 2)
		})
	}
	_, err := DialVia(t.Context(), &network{}, TCP, nil, "", Options{})
	require.ErrorIs(t, err, syscall.EINVAL)
	_, err = DialViaAsync(t.Context(), &network{}, TCP, nil, "", Options{})
	require.ErrorIs(t, err, syscall.EINVAL)
}

func TestDialViaEndsWithItsContext(t *testing.T) {
	n := &network{dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := DialVia(ctx, n, TCP, addrPorts("192.0.2.1:1", "192.0.2.2:2"), "", Options{})
	require.ErrorIs(t, err, syscall.ETIMEDOUT)
	require.Len(t, n.seen, 1, "there is no time for another address")
}

// permitOnly refuses everything else.
func permitOnly(asked *[]string, allowed string) func(Operation, netip.AddrPort, string) error {
	return func(op Operation, addr netip.AddrPort, path string) error {
		text := op.String() + " " + path
		if addr.IsValid() {
			text += addr.String()
		}
		*asked = append(*asked, text)
		if text == allowed {
			return nil
		}
		return errors.New("not this one")
	}
}

func TestDialViaAsksFirst(t *testing.T) {
	conn := newFaulty()
	n := &network{dial: func(context.Context, string, string) (net.Conn, error) { return conn, nil }}
	var asked []string
	o := Options{Permit: permitOnly(&asked, "dial 192.0.2.2:2")}
	s, err := DialVia(t.Context(), n, TCP, addrPorts("[::ffff:192.0.2.1]:1", "192.0.2.2:2"), "", o)
	require.NoError(t, err)
	closing(t, s)
	require.Equal(t, []string{"dial 192.0.2.1:1", "dial 192.0.2.2:2"}, asked)
	require.Equal(t, []string{"tcp4 192.0.2.2:2"}, n.seen)

	_, err = DialVia(t.Context(), n, TCP, addrPorts("192.0.2.3:3"), "", o)
	var failed *Error
	require.ErrorAs(t, err, &failed)
	require.Equal(t, Error{Op: "connect", Address: "192.0.2.3:3", Errno: syscall.EACCES, Text: "not this one"}, *failed)
	require.Len(t, n.seen, 1)
}

func TestDialViaAPath(t *testing.T) {
	goroutinesEnd(t)
	path := socketPath(t)
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	require.NoError(t, err)
	path = filepath.Join(dir, filepath.Base(path))
	l, err := net.Listen("unix", path)
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	link := path + ".link"
	require.NoError(t, os.Symlink(path, link))

	n := &network{dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, address)
		return struct{ net.Conn }{c}, err
	}}
	s, err := DialVia(t.Context(), n, Unix, nil, link, Options{})
	require.NoError(t, err)
	closing(t, s)
	require.Equal(t, []string{"unix " + link}, n.seen)
	goAccept(t, l)

	var asked []string
	s, err = DialVia(t.Context(), n, Unix, nil, link, Options{Permit: permitOnly(&asked, "dial "+path)})
	require.NoError(t, err)
	closing(t, s)
	require.Equal(t, []string{"dial " + path}, asked)
	require.Equal(t, "unix "+path, n.seen[1], "what was asked about is what is used")
	goAccept(t, l)

	n.dial = func(context.Context, string, string) (net.Conn, error) { return newFaulty(), nil }
	for written, dialled := range map[string]string{
		"\x00abstract":        "@abstract",
		dir + "/./not/there/": dir + "/not/there",
		"/nowhere/../nothing": "/nothing",
	} {
		n.seen = nil
		s, err = DialVia(t.Context(), n, Udg, nil, written, Options{Permit: func(Operation, netip.AddrPort, string) error { return nil }})
		require.NoError(t, err)
		closing(t, s)
		require.Equal(t, []string{"unixgram " + dialled}, n.seen)
		require.Equal(t, written, s.Remote())
	}
}

func TestListenVia(t *testing.T) {
	goroutinesEnd(t)
	n := new(network)
	var asked []string
	permit := func(op Operation, addr netip.AddrPort, path string) error {
		asked = append(asked, op.String()+" "+addr.String()+path)
		if addr.IsValid() && addr.Port() == 1 {
			return errors.New("not this one")
		}
		return nil
	}
	s, err := ListenVia(t.Context(), n, TCP, addrPorts("127.0.0.1:1", "192.0.2.1:0", "127.0.0.1:0"), "", Options{Permit: permit})
	require.NoError(t, err)
	closing(t, s)
	require.Equal(t, []string{"listen 127.0.0.1:1", "listen 192.0.2.1:0", "listen 127.0.0.1:0"}, asked)
	require.Equal(t, []string{"tcp4 192.0.2.1:0", "tcp4 127.0.0.1:0"}, n.seen)
	require.Equal(t, KindListener, s.Kind())
	require.True(t, s.Virtual())
	require.NoError(t, s.Listen(5), "does already")
	_, _, err = s.Accept()
	require.Equal(t, error(syscall.EAGAIN), err)
	_, err = s.Name(true)
	require.Equal(t, error(syscall.ENOTCONN), err)
	_, _, err = s.RecvFrom(make([]byte, 1), 0)
	require.Equal(t, error(syscall.ENOTCONN), err)
	_, err = s.SendTo([]byte("x"), 0, nobody)
	require.Equal(t, error(syscall.EPIPE), err)
	c := dialTo(t, s, Options{})
	conn := accept(t, s)
	require.Equal(t, c.Local(), conn.Remote())
	require.False(t, conn.Virtual(), "the kernel's own")

	_, err = ListenVia(t.Context(), n, TCP, addrPorts(s.Local()), "", Options{})
	var failed *Error
	require.ErrorAs(t, err, &failed)
	require.Equal(t, Error{Op: "bind", Address: s.Local(), Errno: syscall.EADDRINUSE, Text: "Address already in use"}, *failed)
	_, err = ListenVia(t.Context(), n, TCP, addrPorts("127.0.0.1:1"), "", Options{Permit: permit})
	require.ErrorIs(t, err, syscall.EACCES)
	_, err = ListenVia(t.Context(), n, TCP, nil, "", Options{})
	require.ErrorIs(t, err, syscall.EINVAL)
}

func TestListenViaDatagrams(t *testing.T) {
	goroutinesEnd(t)
	s, err := ListenVia(t.Context(), new(network), UDP, loopback, "", Options{})
	require.NoError(t, err)
	closing(t, s)
	require.True(t, s.Framed())
	require.Equal(t, KindBound, s.Kind())

	s, err = ListenVia(t.Context(), &net.ListenConfig{}, UDP, loopback, "", Options{Broadcast: true})
	require.NoError(t, err)
	closing(t, s)
	require.False(t, s.Virtual())
	require.Equal(t, 1, option(t, s, unix.SOL_SOCKET, unix.SO_BROADCAST))
}

func TestListenViaAPath(t *testing.T) {
	goroutinesEnd(t)
	path := socketPath(t)
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	require.NoError(t, err)
	n := new(network)
	var asked []string
	s, err := ListenVia(t.Context(), n, Unix, nil, filepath.Dir(path)+"/./a", Options{Permit: permitOnly(&asked, "listen "+dir+"/a")})
	require.NoError(t, err)
	closing(t, s)
	require.Equal(t, []string{"unix " + dir + "/a"}, n.seen)

	s, err = ListenVia(t.Context(), &net.ListenConfig{}, Unix, nil, path, Options{})
	require.NoError(t, err)
	closing(t, s)
	require.False(t, s.Virtual())
	require.Equal(t, KindListener, s.Kind())
	require.NoError(t, s.Listen(3))
}
