package resources

import (
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func newListeners(t *testing.T) *Listeners {
	t.Helper()
	l := NewListeners()
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	return l
}

// take is what a script does that binds an address and listens.
func take(t *testing.T, l *Listeners, transport Transport, target string) *Socket {
	t.Helper()
	s, ok, err := l.Take(transport, target, Options{})
	require.NoError(t, err)
	require.True(t, ok, "%s is not provided", target)
	closing(t, s)
	if !isDatagram(transport) {
		require.NoError(t, s.Listen(DefaultBacklog))
	}
	return s
}

func notProvided(t *testing.T, l *Listeners, transport Transport, target string) {
	t.Helper()
	s, ok, err := l.Take(transport, target, Options{})
	require.NoError(t, err)
	require.False(t, ok)
	require.Nil(t, s)
}

func isTaken(t *testing.T, l *Listeners, transport Transport, target string) {
	t.Helper()
	s, ok, err := l.Take(transport, target, Options{})
	require.True(t, ok)
	require.Nil(t, s)
	require.Equal(t, target, failedWith(t, err, "bind", syscall.EADDRINUSE))
}

// Scripts come and go; the listener and who waits in its queue stay.
func TestListenersProvide(t *testing.T) {
	m := NewMemory()
	path := socketPath(t)
	makers := map[string]func() (net.Listener, func() (net.Conn, error)){
		"tcp://192.0.2.1:80": func() (net.Listener, func() (net.Conn, error)) {
			l := listenTCP(t)
			return l, func() (net.Conn, error) { return net.Dial("tcp", l.Addr().String()) }
		},
		"tcp://192.0.2.1:81": func() (net.Listener, func() (net.Conn, error)) {
			l := listenTCP(t)
			return wrapped{l}, func() (net.Conn, error) { return net.Dial("tcp", l.Addr().String()) }
		},
		"unix://" + path: func() (net.Listener, func() (net.Conn, error)) {
			l, err := net.Listen("unix", path)
			require.NoError(t, err)
			return l, func() (net.Conn, error) { return net.Dial("unix", path) }
		},
		"tcp://192.0.2.1:82": func() (net.Listener, func() (net.Conn, error)) {
			return listenMem(t, m, "x"), func() (net.Conn, error) { return m.Dial(background, "x") }
		},
		"mem://x": func() (net.Listener, func() (net.Conn, error)) {
			l := listenTCP(t)
			return l, func() (net.Conn, error) { return net.Dial("tcp", l.Addr().String()) }
		},
	}
	for address, maker := range makers {
		t.Run(address, func(t *testing.T) {
			before, counters := descriptors(t), eventfds(t)
			l := NewListeners()
			transportName, target := SplitTransport(address)
			transport := Transport(transportName)
			nl, dial := maker()
			addr := nl.Addr()
			_, isKernel := map[string]bool{"*net.TCPListener": true, "*net.UnixListener": true}[typeName(nl)]
			p, err := l.Provide(address, nl)
			require.NoError(t, err)
			require.Equal(t, address, p.Address())
			require.Equal(t, addr.String(), p.Addr().String())
			require.Equal(t, []*Provided{p}, l.List())
			require.False(t, p.Taken())

			for range 3 {
				early, err := dial()
				require.NoError(t, err)
				require.NoError(t, early.SetDeadline(time.Now().Add(patience*time.Millisecond)))
				s := take(t, l, transport, target)
				require.Equal(t, !isKernel, s.Virtual())
				require.Equal(t, transport, s.Transport())
				require.Equal(t, KindListener, s.Kind())
				require.Equal(t, nameOf(addr), s.Local())
				nonblock, cloexec := statusFlags(t, s)
				require.True(t, nonblock)
				require.False(t, cloexec)
				require.True(t, p.Taken())
				isTaken(t, l, transport, target)
				a := accept(t, s)
				require.Equal(t, transport, a.Transport())
				_, err = a.SendTo([]byte("hello"), 0, nobody)
				require.NoError(t, err)
				require.NoError(t, a.Close())
				data, err := io.ReadAll(early)
				require.NoError(t, err)
				require.Equal(t, "hello", string(data))
				require.NoError(t, early.Close())
				require.NoError(t, s.Close())
				require.False(t, p.Taken())
			}

			file, err := p.File()
			if isKernel {
				require.NoError(t, err)
				require.NoError(t, file.Close())
			} else {
				failedWith(t, err, "dup", syscall.EOPNOTSUPP)
			}
			last, err := dial()
			require.NoError(t, err)
			require.NoError(t, last.SetDeadline(time.Now().Add(patience*time.Millisecond)))
			require.NoError(t, p.Close())
			require.NoError(t, p.Close())
			_, err = last.Read(make([]byte, 1))
			require.Error(t, err, "refused")
			require.NoError(t, last.Close())
			_, err = dial()
			require.Error(t, err)
			_, err = p.File()
			failedWith(t, err, "dup", syscall.EBADF)
			require.Empty(t, l.List())
			notProvided(t, l, transport, target)
			nothingNew(t, before, counters)
		})
	}
	require.NoFileExists(t, path)
}

func typeName(v any) string {
	switch v.(type) {
	case *net.TCPListener:
		return "*net.TCPListener"
	case *net.UnixListener:
		return "*net.UnixListener"
	}
	return ""
}

func TestListenersProvideFails(t *testing.T) {
	l := newListeners(t)
	for _, address := range []string{"udp://127.0.0.1:1", "udg:///x", "tls://127.0.0.1:1", "tcp://nothing"} {
		_, err := l.Provide(address, listenTCP(t))
		var failed *Error
		require.ErrorAs(t, err, &failed)
		require.Equal(t, "parse", failed.Op)
	}
	pc, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = pc.Close() }()
	for _, address := range []string{"tcp://127.0.0.1:1", "unix:///x", "mem://x"} {
		_, err := l.ProvidePacket(address, pc)
		var failed *Error
		require.ErrorAs(t, err, &failed)
		require.Equal(t, "parse", failed.Op)
	}
	_, err = pc.WriteTo(nil, pc.LocalAddr())
	require.NoError(t, err, "still the caller's")

	_, err = l.Provide("tcp://127.0.0.1:1", listenTCP(t))
	require.NoError(t, err)
	second := listenTCP(t)
	_, err = l.Provide("tcp://127.1:1", second)
	failedWith(t, err, "listen", syscall.EADDRINUSE)
	closed := listenTCP(t)
	require.NoError(t, closed.Close())
	_, err = l.Provide("tcp://127.0.0.1:2", closed)
	var failed *Error
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "listen", failed.Op)
	require.Len(t, l.List(), 1)

	require.NoError(t, l.Close())
	_, err = l.Provide("tcp://127.0.0.1:3", second)
	failedWith(t, err, "listen", syscall.EBADF)
	failedWith(t, l.Keep("127.0.0.1:1", listen(t, Options{})), "listen", syscall.EBADF)
	require.NoError(t, second.SetDeadline(time.Now()), "still the caller's")
}

func TestListenersPacket(t *testing.T) {
	l := newListeners(t)
	pc, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	server := netip.MustParseAddrPort(pc.LocalAddr().String())
	p, err := l.ProvidePacket("udp://127.0.0.1:53", pc)
	require.NoError(t, err)
	require.Equal(t, server.String(), p.Addr().String())
	_, err = pc.WriteTo(nil, pc.LocalAddr())
	require.ErrorIs(t, err, net.ErrClosed, "taken over")
	client := bind(t, UDP, Options{})
	for range 2 {
		_, err = client.SendTo([]byte("early"), 0, server)
		require.NoError(t, err)
		s := take(t, l, UDP, "127.1:53")
		require.Equal(t, KindBound, s.Kind())
		nonblock, _ := statusFlags(t, s)
		require.False(t, nonblock)
		require.Equal(t, server.String(), s.Local())
		isTaken(t, l, UDP, "127.0.0.1:53")
		data, from := receive(t, s, 0)
		require.Equal(t, "early", data)
		require.Equal(t, client.Local(), from)
		require.NoError(t, unix.SetNonblock(s.FD(), true), "the next script starts anew")
		require.NoError(t, s.Close())
	}
}

// plainPacketConn is datagrams that the kernel alone does not make up.
type plainPacketConn struct{ net.PacketConn }

func TestListenersVirtualPacket(t *testing.T) {
	l := NewListeners()
	pc, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	server := netip.MustParseAddrPort(pc.LocalAddr().String())
	p, err := l.ProvidePacket("udp://127.0.0.1:53", plainPacketConn{pc})
	require.NoError(t, err)
	_, err = p.File()
	failedWith(t, err, "dup", syscall.EOPNOTSUPP)
	client := bind(t, UDP, Options{})
	for range 2 {
		s := take(t, l, UDP, "127.0.0.1:53")
		require.True(t, s.Framed())
		require.Equal(t, KindBound, s.Kind())
		require.Equal(t, server.String(), s.Local())
		_, err = client.SendTo([]byte("question"), 0, server)
		require.NoError(t, err)
		data, from := receive(t, s, 0)
		require.Equal(t, "question", data)
		require.Equal(t, client.Local(), from)
		_, err = s.SendTo([]byte("answer"), 0, netip.MustParseAddrPort(from))
		require.NoError(t, err)
		data, from = receive(t, client, 0)
		require.Equal(t, "answer", data)
		require.Equal(t, server.String(), from)
		require.NoError(t, s.Close())
	}
	require.NoError(t, l.Close())
	require.Eventually(t, func() bool {
		_, err := pc.WriteTo(nil, pc.LocalAddr())
		return err != nil
	}, patience*time.Millisecond, time.Millisecond, "the pump ends")
}

// What scripts have opened themselves goes on to the next one.
func TestListenersKeep(t *testing.T) {
	m := NewMemory()
	unixPath, udgPath := socketPath(t), socketPath(t)
	port := freePort(t)
	for _, test := range []struct {
		name, target string
		make         func() (*Socket, error)
	}{
		{"tcp", port.String(), func() (*Socket, error) { return Bind(TCP, []netip.AddrPort{port}, Options{}) }},
		{"udp", port.String(), func() (*Socket, error) { return Bind(UDP, []netip.AddrPort{port}, Options{}) }},
		{"unix", unixPath, func() (*Socket, error) { return BindUnix(Unix, unixPath, Options{}) }},
		{"udg", udgPath, func() (*Socket, error) { return BindUnix(Udg, udgPath, Options{}) }},
		{"abstract", "\x00keep" + unixPath, func() (*Socket, error) { return BindUnix(Unix, "\x00keep"+unixPath, Options{}) }},
		{"mem", "x", func() (*Socket, error) { return m.Bind("x", Options{}) }},
		{"virtual", "192.0.2.1:80", func() (*Socket, error) { return FromListener(newScripted(), TCP, Options{}) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			before, counters := descriptors(t), eventfds(t)
			l := NewListeners()
			s, err := test.make()
			require.NoError(t, err)
			closing(t, s)
			transport := s.Transport()
			notProvided(t, l, transport, test.target)
			if !isDatagram(transport) {
				require.NoError(t, s.Listen(5))
			}
			local := s.Local()
			require.NoError(t, l.Keep(test.target, s))
			require.NoError(t, l.Keep(test.target, s), "again")
			require.Len(t, l.List(), 1)
			p := l.List()[0]
			require.Equal(t, local, nameOf(p.Addr()))
			for range 3 {
				isTaken(t, l, transport, test.target)
				require.NoError(t, s.Close())
				s = take(t, l, transport, test.target)
				require.Equal(t, local, s.Local())
				require.NoError(t, l.Keep(test.target, s), "kept already")
				require.Len(t, l.List(), 1)
			}
			require.NoError(t, l.Close())
			require.True(t, s.alive(), "the script has it still")
			_, err = s.Name(false)
			require.NoError(t, err)
			require.NoError(t, s.Close())
			nothingNew(t, before, counters)
		})
	}
	require.FileExists(t, unixPath, "as PHP leaves it")
}

func freePort(t *testing.T) netip.AddrPort {
	t.Helper()
	s := bind(t, TCP, Options{})
	defer func() { _ = s.Close() }()
	return netip.MustParseAddrPort(s.Local())
}

func TestListenersKeepNothing(t *testing.T) {
	l := newListeners(t)
	require.NoError(t, l.Keep("127.0.0.1:0", listen(t, Options{})), "each bind gives another port")
	require.Empty(t, l.List())

	bound := bind(t, TCP, Options{})
	failedWith(t, l.Keep(bound.Local(), bound), "listen", syscall.EINVAL)
	client, _ := connect(t)
	failedWith(t, l.Keep(client.Local(), client), "listen", syscall.EINVAL)
	closed := listen(t, Options{})
	target := closed.Local()
	require.NoError(t, closed.Close())
	failedWith(t, l.Keep(target, closed), "listen", syscall.EBADF)
}

// SO_REUSEPORT lets a script bind a port twice, and so the next one.
func TestListenersReusePort(t *testing.T) {
	l := newListeners(t)
	o := Options{ReusePort: true}
	target := freePort(t)
	var sockets []*Socket
	for range 2 {
		_, ok, err := l.Take(TCP, target.String(), o)
		require.NoError(t, err)
		require.False(t, ok)
		s, err := Bind(TCP, []netip.AddrPort{target}, o)
		require.NoError(t, err)
		closing(t, s)
		require.NoError(t, s.Listen(5))
		require.NoError(t, l.Keep(target.String(), s))
		sockets = append(sockets, s)
	}
	require.Len(t, l.List(), 2)
	for _, s := range sockets {
		require.NoError(t, s.Close())
	}
	take(t, l, TCP, target.String())
	take(t, l, TCP, target.String())
	isTaken(t, l, TCP, target.String())
}

// An engine has closed the socket, and nobody but its journal knows yet.
func TestListenersUnheardClose(t *testing.T) {
	for name, rates := range map[string]*Rates{"plain": nil, "throttled": NewRates(Limits{AcceptRate: 1000})} {
		t.Run(name, func(t *testing.T) {
			l := newListeners(t)
			_, err := l.Provide("tcp://127.0.0.1:1", listenTCP(t))
			require.NoError(t, err)
			table := NewTable()
			var unheard atomic.Uint64
			table.SetSource(func() { table.Remove(Handle(unheard.Load())) })
			for range 3 {
				taken := take(t, l, TCP, "127.0.0.1:1")
				s, err := Throttle(taken, rates)
				require.NoError(t, err)
				closing(t, s)
				h := table.Insert(s)
				isTaken(t, l, TCP, "127.0.0.1:1")
				require.NoError(t, unix.Close(s.FD()))
				unheard.Store(uint64(h))
			}
			s := take(t, l, TCP, "127.0.0.1:1")
			table.Insert(s)
			isTaken(t, l, TCP, "127.0.0.1:1")
			table.CloseTransient()
			take(t, l, TCP, "127.0.0.1:1")
		})
	}
}

// A listener on [::] has the port of IPv4, too, unless it was told not to.
func TestListenersBothFamilies(t *testing.T) {
	needIPv6(t)
	for _, network := range []string{"tcp", "tcp6"} {
		l := newListeners(t)
		nl, err := net.Listen(network, "[::]:0")
		require.NoError(t, err)
		_, err = l.Provide("tcp://[::]:80", nl)
		require.NoError(t, err)
		if network == "tcp6" {
			notProvided(t, l, TCP, "0.0.0.0:80")
			continue
		}
		s := take(t, l, TCP, "0.0.0.0:80")
		require.NoError(t, l.Keep("0.0.0.0:80", s))
		require.Len(t, l.List(), 1)
		isTaken(t, l, TCP, "[::]:80")
		notProvided(t, l, TCP, "127.0.0.1:80")
	}
}

// The file goes as it would have gone with Go's listener.
func TestListenersUnlink(t *testing.T) {
	for _, unlink := range []bool{true, false} {
		l := newListeners(t)
		path := socketPath(t)
		nl, err := net.Listen("unix", path)
		require.NoError(t, err)
		nl.(*net.UnixListener).SetUnlinkOnClose(unlink)
		require.Equal(t, unlink, fileToUnlink(nl) != nil, "net.UnixListener has changed")
		p, err := l.Provide("unix://"+path, nl)
		require.NoError(t, err)
		s := take(t, l, Unix, filepath.Dir(path)+"/./"+filepath.Base(path))
		require.NoError(t, s.Close())
		require.FileExists(t, path)
		require.NoError(t, p.Close())
		_, err = os.Lstat(path)
		require.Equal(t, unlink, os.IsNotExist(err))
	}
}

// Nor is a file removed that somebody else has put there meanwhile.
func TestListenersUnlinkAnother(t *testing.T) {
	l := newListeners(t)
	path := socketPath(t)
	nl, err := net.Listen("unix", path)
	require.NoError(t, err)
	p, err := l.Provide("unix://"+path, nl)
	require.NoError(t, err)
	require.NoError(t, os.Rename(path, path+".old"), "so that the inode stays in use")
	other, err := net.Listen("unix", path)
	require.NoError(t, err)
	defer func() { _ = other.Close() }()
	require.NoError(t, p.Close())
	require.FileExists(t, path)
}

func TestListenersOptions(t *testing.T) {
	l := newListeners(t)
	_, err := l.Provide("tcp://127.0.0.1:1", listenTCP(t))
	require.NoError(t, err)
	s, ok, err := l.Take(TCP, "127.0.0.1:1", Options{CloseOnExec: true, KeepAlive: KeepAlive{Enabled: true, Idle: 77}, Linger: 3})
	require.NoError(t, err)
	require.True(t, ok)
	closing(t, s)
	_, cloexec := statusFlags(t, s)
	require.True(t, cloexec)
	client := dialTo(t, s, Options{})
	a := accept(t, s)
	require.NotNil(t, client)
	require.Equal(t, 1, option(t, a, unix.SOL_SOCKET, unix.SO_KEEPALIVE))
	require.Equal(t, 77, option(t, a, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE))
	_, cloexec = statusFlags(t, a)
	require.True(t, cloexec)
}

// Of many who bind at once one has it.
func TestListenersConcurrent(t *testing.T) {
	l := newListeners(t)
	_, err := l.Provide("tcp://127.0.0.1:1", wrapped{listenTCP(t)})
	require.NoError(t, err)
	var wg sync.WaitGroup
	var having, had atomic.Int32
	for range 8 {
		wg.Go(func() {
			for range 50 {
				s, _, err := l.Take(TCP, "127.0.0.1:1", Options{})
				if err != nil {
					continue
				}
				if having.Add(1) > 1 {
					t.Error("two have it")
				}
				had.Add(1)
				having.Add(-1)
				_ = s.Close()
			}
		})
	}
	wg.Wait()
	require.Positive(t, had.Load())
}
