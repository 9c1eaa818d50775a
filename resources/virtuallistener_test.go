package resources

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// A server on [::] has clients of IPv4, too, and names them as PHP does, unless the option
// keeps them off.
func TestListenViaForBothFamilies(t *testing.T) {
	needIPv6(t)
	goroutinesEnd(t)
	yes, no := true, false
	for _, tt := range []struct {
		only *bool
		want string
	}{{nil, "tcp [::]:0"}, {&no, "tcp [::]:0"}, {&yes, "tcp6 [::]:0"}} {
		n := new(network)
		s, err := ListenVia(t.Context(), n, TCP, addrPorts("[::]:0"), "", Options{V6Only: tt.only})
		require.NoError(t, err)
		closing(t, s)
		require.Equal(t, []string{tt.want}, n.seen)
		v4 := netip.AddrPortFrom(loopback[0].Addr(), ports(s)[0].Port())
		c, err := dial(t, NewDial(TCP, []netip.AddrPort{v4}, netip.AddrPort{}, Options{}, false))
		if tt.only == &yes {
			require.ErrorIs(t, err, syscall.ECONNREFUSED)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, mappedName(c.Local()), accept(t, s).Remote(), "a socket of the kernel")
	}
	n := new(network)
	s, err := ListenVia(t.Context(), n, UDP, addrPorts("[::]:0"), "", Options{})
	require.NoError(t, err)
	closing(t, s)
	require.Equal(t, []string{"udp [::]:0"}, n.seen)
	v4 := netip.AddrPortFrom(loopback[0].Addr(), ports(s)[0].Port())
	c, err := dial(t, NewDial(UDP, []netip.AddrPort{v4}, netip.AddrPort{}, Options{}, false))
	require.NoError(t, err)
	_, err = c.SendTo([]byte("x"), 0, nobody)
	require.NoError(t, err)
	_, from := receive(t, s, 0)
	require.Equal(t, mappedName(c.Local()), from)
	_, err = s.SendTo([]byte("y"), 0, netip.MustParseAddrPort(from))
	require.NoError(t, err)
	data, _ := receive(t, c, 0)
	require.Equal(t, "y", data)
}

func TestPumpedClientOfBothFamilies(t *testing.T) {
	goroutinesEnd(t)
	accepted, _ := tcpPair(t)
	l := newScripted(wrappedConn{accepted.(*net.TCPConn)})
	s := fromListener(t, everywhere{l}, Options{})
	conn := accept(t, s)
	require.True(t, conn.Virtual())
	require.Equal(t, mappedName(nameOf(accepted.RemoteAddr())), conn.Remote())
	require.Equal(t, mappedName(nameOf(accepted.LocalAddr())), conn.Local())
}

type everywhere struct{ *scripted }

func (everywhere) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv6zero, Port: 80} }

// The end of a listener's reading is the end of it.
func TestShutdownOfListeners(t *testing.T) {
	for name, make := range map[string]func(t *testing.T) (s *Socket, dial func() error){
		"kernel": func(t *testing.T) (*Socket, func() error) {
			s := listen(t, Options{})
			return s, func() error { return dialPlain(s) }
		},
		"throttled": func(t *testing.T) (*Socket, func() error) {
			s, err := Throttle(listen(t, Options{}), NewRates(Limits{AcceptRate: 1e6}))
			require.NoError(t, err)
			closing(t, s)
			return s, func() error { return dialPlain(s) }
		},
		"queue": func(t *testing.T) (*Socket, func() error) {
			s := fromListener(t, wrapped{listenTCP(t)}, Options{})
			return s, func() error { return dialPlain(s) }
		},
		"memory": func(t *testing.T) (*Socket, func() error) {
			m := NewMemory()
			s, err := m.Bind("x", Options{})
			require.NoError(t, err)
			closing(t, s)
			return s, func() error {
				c, err := m.Dial(t.Context(), "x")
				if err == nil {
					t.Cleanup(func() { _ = c.Close() })
				}
				return err
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			goroutinesEnd(t)
			for _, how := range []int{unix.SHUT_RD, unix.SHUT_RDWR} {
				s, dial := make(t)
				require.NoError(t, s.Shutdown(unix.SHUT_WR))
				require.NoError(t, dial(), "nothing was written before")
				accept(t, s)
				require.NoError(t, dial(), "waits in the queue")
				require.NoError(t, s.Shutdown(how))
				require.ErrorIs(t, dial(), syscall.ECONNREFUSED)
				require.Eventually(t, func() bool { // a throttled one rings once more for what waited
					require.True(t, poll(t, s.FD(), unix.POLLIN, patience), "accept would wait")
					_, _, err := s.Accept()
					return errors.Is(err, syscall.EINVAL)
				}, patience*time.Millisecond, time.Millisecond)
				require.NoError(t, s.Close())
			}
		})
	}
}

func dialPlain(s *Socket) error {
	c, err := net.Dial("tcp4", s.Local())
	if err == nil {
		_ = c.Close()
	}
	return err
}

// What a script has shut down is of no use to the next one either, as a socket of the kernel.
func TestShutdownOfProvidedListeners(t *testing.T) {
	goroutinesEnd(t)
	l := NewListeners()
	t.Cleanup(func() { _ = l.Close() })
	_, err := l.Provide("tcp://127.0.0.1:80", wrapped{listenTCP(t)})
	require.NoError(t, err)
	for range 2 {
		s, ok, err := l.Take(TCP, "127.0.0.1:80", Options{})
		require.True(t, ok)
		require.NoError(t, err)
		require.NoError(t, s.Shutdown(unix.SHUT_RD))
		acceptFails(t, s, syscall.EINVAL)
		require.NoError(t, s.Close())
	}
}

// unlinking is a unix listener in a wrapper that lets SetUnlinkOnClose through.
type unlinking struct{ *net.UnixListener }

// PHP leaves the file of a unix server; the host's own listener removes it as it always does.
func TestFilesOfWrappedListeners(t *testing.T) {
	goroutinesEnd(t)
	listener := func() (net.Listener, string) {
		l, err := net.Listen("unix", socketPath(t))
		require.NoError(t, err)
		return unlinking{l.(*net.UnixListener)}, l.Addr().String()
	}
	l, path := listener()
	s, err := FromListener(l, Unix, Options{})
	require.NoError(t, err)
	require.True(t, s.Virtual())
	require.NoError(t, s.Close())
	require.FileExists(t, path)

	l, path = listener()
	listeners := NewListeners()
	p, err := listeners.Provide("unix://"+path, l)
	require.NoError(t, err)
	s, ok, err := listeners.Take(Unix, path, Options{})
	require.NoError(t, err)
	require.True(t, ok)
	require.NoError(t, p.Close())
	require.FileExists(t, path)
	require.NoError(t, s.Close())
	require.NoFileExists(t, path)
}

func TestFromListenerSetsOptions(t *testing.T) {
	s := fromListener(t, listenTCP(t), Options{Linger: 7, KeepAlive: KeepAlive{Enabled: true, Idle: 60}, Buffers: Buffers{Receive: 20480}})
	require.Equal(t, 1, option(t, s, unix.SOL_SOCKET, unix.SO_KEEPALIVE))
	require.Equal(t, 60, option(t, s, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE))
	require.Equal(t, 40960, option(t, s, unix.SOL_SOCKET, unix.SO_RCVBUF))
	linger, err := unix.GetsockoptLinger(s.FD(), unix.SOL_SOCKET, unix.SO_LINGER)
	require.NoError(t, err)
	require.Equal(t, int32(7), linger.Linger)
}
