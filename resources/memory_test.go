package resources

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/nettest"
	"golang.org/x/sys/unix"
)

var background = context.Background()

func listenMem(t *testing.T, m *Memory, name string) net.Listener {
	t.Helper()
	l, err := m.Listen(name)
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func bindMem(t *testing.T, m *Memory, name string, o Options) *Socket {
	t.Helper()
	s, err := m.Bind(name, o)
	require.NoError(t, err)
	closing(t, s)
	return s
}

func dialMem(t *testing.T, m *Memory, name string) net.Conn {
	t.Helper()
	c, err := m.Dial(background, name)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(patience*time.Millisecond)))
	return c
}

func acceptMem(t *testing.T, l net.Listener) net.Conn {
	t.Helper()
	c, err := l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(patience*time.Millisecond)))
	return c
}

func connectMem(t *testing.T, m *Memory, name string, o Options) *Socket {
	t.Helper()
	s, err := m.Connect(background, name, o)
	require.NoError(t, err)
	closing(t, s)
	return s
}

func TestMemoryConn(t *testing.T) {
	makers := map[string]func(t *testing.T, m *Memory) (net.Conn, net.Conn){
		"dialled first": func(t *testing.T, m *Memory) (net.Conn, net.Conn) {
			l := listenMem(t, m, "x")
			return dialMem(t, m, "x"), acceptMem(t, l)
		},
		"accepted first": func(t *testing.T, m *Memory) (net.Conn, net.Conn) {
			l := listenMem(t, m, "x")
			c := dialMem(t, m, "x")
			return acceptMem(t, l), c
		},
	}
	for name, maker := range makers {
		t.Run(name, func(t *testing.T) {
			nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
				c1, c2 = maker(t, NewMemory())
				for _, c := range []net.Conn{c1, c2} {
					require.NoError(t, c.SetDeadline(time.Time{}))
				}
				return c1, c2, func() { _, _ = c1.Close(), c2.Close() }, nil
			})
		})
	}
}

func TestMemoryNames(t *testing.T) {
	m := NewMemory()
	l := listenMem(t, m, "db")
	require.Equal(t, "mem", l.Addr().Network())
	require.Equal(t, "db", l.Addr().String())
	a, b := dialMem(t, m, "db"), dialMem(t, m, "db")
	require.Equal(t, "db#1", a.LocalAddr().String())
	require.Equal(t, "db#2", b.LocalAddr().String())
	require.Equal(t, "db", a.RemoteAddr().String())
	accepted := acceptMem(t, l)
	require.Equal(t, "db", accepted.LocalAddr().String())
	require.Equal(t, "db#1", accepted.RemoteAddr().String())
	require.Equal(t, "mem", accepted.RemoteAddr().Network())

	nameless := listenMem(t, m, "")
	require.Equal(t, "#3", nameless.Addr().String())
	listenMem(t, m, "#4")
	require.Equal(t, "#5", listenMem(t, m, "").Addr().String())
	require.Equal(t, "\x00 any:bytes\n", listenMem(t, m, "\x00 any:bytes\n").Addr().String())

	require.NoError(t, accepted.SetReadDeadline(time.Unix(1, 0)))
	_, err := accepted.Read(make([]byte, 1))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.EqualError(t, err, "read mem db->db#1: i/o timeout")
}

func TestMemoryRefuses(t *testing.T) {
	m := NewMemory()
	_, err := m.Dial(background, "nobody")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	require.EqualError(t, err, "dial mem nobody: connection refused")
	_, err = m.Connect(background, "nobody", Options{})
	failedWith(t, err, "connect", syscall.ECONNREFUSED)

	l := listenMem(t, m, "x")
	_, err = m.Listen("x")
	require.ErrorIs(t, err, syscall.EADDRINUSE)
	_, err = m.Bind("x", Options{})
	failedWith(t, err, "bind", syscall.EADDRINUSE)
	require.NoError(t, l.Close())
	require.ErrorIs(t, l.Close(), net.ErrClosed)
	_, err = l.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
	_, err = m.Dial(background, "x")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)

	s := bindMem(t, m, "x", Options{})
	_, err = m.Listen("x")
	require.ErrorIs(t, err, syscall.EADDRINUSE)
	require.NoError(t, s.Close())
	_, _, err = s.Accept()
	require.Equal(t, error(syscall.EBADF), err)
	listenMem(t, m, "x")
}

// The policy of a script is asked for the name.
func TestMemoryPermit(t *testing.T) {
	m := NewMemory()
	listenMem(t, m, "x")
	no := errors.New("not today")
	o := Options{Permit: func(op Operation, addr netip.AddrPort, path string) error {
		require.Equal(t, "x", path)
		require.False(t, addr.IsValid())
		return no
	}}
	_, err := m.Bind("x", o)
	require.Equal(t, &Error{Op: "bind", Address: "x", Errno: syscall.EACCES, Text: "not today"}, err)
	_, err = m.Connect(background, "x", o)
	require.Equal(t, &Error{Op: "connect", Address: "x", Errno: syscall.EACCES, Text: "not today"}, err)
}

func TestMemoryHalfClose(t *testing.T) {
	m := NewMemory()
	l := listenMem(t, m, "x")
	a := dialMem(t, m, "x")
	b := acceptMem(t, l)
	_, err := a.Write([]byte("question"))
	require.NoError(t, err)
	require.NoError(t, a.(interface{ CloseWrite() error }).CloseWrite())
	data, err := io.ReadAll(b)
	require.NoError(t, err)
	require.Equal(t, "question", string(data))
	_, err = b.Write([]byte("answer"))
	require.NoError(t, err)
	require.NoError(t, b.Close())
	data, err = io.ReadAll(a)
	require.NoError(t, err)
	require.Equal(t, "answer", string(data))
	_, err = a.Write([]byte("x"))
	require.ErrorIs(t, err, syscall.EPIPE)
}

// The other direction, and the descriptor that both have.
func TestMemoryCloseRead(t *testing.T) {
	m := NewMemory()
	l := listenMem(t, m, "x")
	a := dialMem(t, m, "x").(*memConn)
	b := acceptMem(t, l)
	require.NoError(t, a.CloseRead())
	_, err := a.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err)
	_, err = b.Write([]byte("x"))
	require.ErrorIs(t, err, syscall.EPIPE)
	raw, err := a.SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) {
		require.Equal(t, unix.SOCK_STREAM, must(unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TYPE)))
	}))
	require.NoError(t, a.Close())
	require.ErrorIs(t, a.SetDeadline(time.Time{}), net.ErrClosed)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A script's end is a descriptor as any other, whoever has the other end.
func TestMemoryScripts(t *testing.T) {
	m := NewMemory()
	s := bindMem(t, m, "x", Options{})
	require.Equal(t, Mem, s.Transport())
	require.Equal(t, KindListener, s.Kind())
	require.True(t, s.Virtual())
	require.Equal(t, "x", s.Local())
	name, err := s.Name(false)
	require.NoError(t, err)
	require.Equal(t, "x", name)
	require.NoError(t, s.Listen(5), "a script does so")
	require.Equal(t, KindListener, s.Kind())
	require.False(t, poll(t, s.FD(), unix.POLLIN, 0))
	_, _, err = s.Accept()
	require.Equal(t, error(syscall.EAGAIN), err)

	t.Run("script to script", func(t *testing.T) {
		c := connectMem(t, m, "x", Options{})
		require.Equal(t, "x#1", c.Local())
		require.Equal(t, "x", c.Remote())
		name, err := c.Name(true)
		require.NoError(t, err)
		require.Equal(t, "x", name)
		_, err = c.SendTo([]byte("early"), 0, nobody)
		require.NoError(t, err)
		a := accept(t, s)
		require.Equal(t, "x", a.Local())
		require.Equal(t, "x#1", a.Remote())
		for _, end := range []*Socket{a, c} {
			require.Equal(t, KindConn, end.Kind())
			require.Equal(t, Mem, end.Transport())
			require.True(t, end.Virtual())
			nonblock, cloexec := statusFlags(t, end)
			require.False(t, nonblock)
			require.False(t, cloexec, "children inherit it")
		}
		data, _ := receive(t, a, 0)
		require.Equal(t, "early", data)
		require.NoError(t, c.Shutdown(unix.SHUT_WR))
		data, _ = receive(t, a, 0)
		require.Empty(t, data)
		_, err = a.SendTo([]byte("late"), 0, nobody)
		require.NoError(t, err)
		data, _ = receive(t, c, 0)
		require.Equal(t, "late", data)
	})
	t.Run("Go to script", func(t *testing.T) {
		c := dialMem(t, m, "x")
		a := accept(t, s)
		_, err := c.Write([]byte("hello"))
		require.NoError(t, err)
		data, _ := receive(t, a, 0)
		require.Equal(t, "hello", data)
		require.NoError(t, a.Close())
		_, err = c.Read(make([]byte, 1))
		require.Equal(t, io.EOF, err)
	})
	t.Run("script to Go", func(t *testing.T) {
		l := listenMem(t, m, "y")
		c := connectMem(t, m, "y", Options{CloseOnExec: true})
		_, cloexec := statusFlags(t, c)
		require.True(t, cloexec)
		a := acceptMem(t, l)
		require.Equal(t, c.Local(), a.RemoteAddr().String())
		_, err := a.Write([]byte("hello"))
		require.NoError(t, err)
		data, _ := receive(t, c, 0)
		require.Equal(t, "hello", data)
	})
}

// Go's end may be handed to a script: no pump is needed.
func TestMemoryFromConn(t *testing.T) {
	m := NewMemory()
	l := listenMem(t, m, "x")
	c := dialMem(t, m, "x")
	a := acceptMem(t, l)
	s, err := FromConn(a, Mem, Options{})
	require.NoError(t, err)
	closing(t, s)
	require.Equal(t, "x", s.Local())
	require.Equal(t, c.LocalAddr().String(), s.Remote())
	nonblock, cloexec := statusFlags(t, s)
	require.False(t, nonblock)
	require.False(t, cloexec)
	_, err = c.Write([]byte("hello"))
	require.NoError(t, err)
	data, _ := receive(t, s, unix.MSG_DONTWAIT)
	require.Equal(t, "hello", data)
	_, err = a.Write([]byte("x"))
	require.ErrorIs(t, err, net.ErrClosed, "taken over")
}

func TestMemoryQueue(t *testing.T) {
	m := NewMemory()
	two := 2
	s := bindMem(t, m, "x", Options{Backlog: &two})
	first, second := dialMem(t, m, "x"), dialMem(t, m, "x")
	ctx, cancel := context.WithTimeout(background, 20*time.Millisecond)
	defer cancel()
	_, err := m.Dial(ctx, "x")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	var timeout net.Error
	require.ErrorAs(t, err, &timeout)
	require.True(t, timeout.Timeout())
	_, err = m.Connect(ctx, "x", Options{})
	failedWith(t, err, "connect", syscall.ETIMEDOUT)
	cancelled, cancel := context.WithCancel(background)
	cancel()
	_, err = m.Connect(cancelled, "x", Options{})
	failedWith(t, err, "connect", syscall.ECANCELED)

	dialled := make(chan net.Conn, 1)
	go func() {
		c, err := m.Dial(background, "x")
		if err == nil {
			dialled <- c
		}
		close(dialled)
	}()
	require.Equal(t, first.LocalAddr().String(), accept(t, s).Remote())
	third := <-dialled
	require.NotNil(t, third)
	defer func() { _ = third.Close() }()

	// Refused: one has written already, one has not, one is still waiting.
	_, err = second.Write([]byte("x"))
	require.NoError(t, err)
	waiting := make(chan error, 1)
	go func() {
		_, err := m.Dial(background, "x")
		waiting <- err
	}()
	require.NoError(t, s.Close())
	require.ErrorIs(t, <-waiting, syscall.ECONNREFUSED)
	_, err = second.Read(make([]byte, 1))
	require.ErrorIs(t, err, syscall.ECONNRESET)
	require.NoError(t, third.SetDeadline(time.Now().Add(patience*time.Millisecond)))
	_, err = third.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err)
}

// An engine has closed the listener, and nobody but its journal knows yet.
func TestMemoryUnheardClose(t *testing.T) {
	m := NewMemory()
	table := NewTable()
	var handle Handle
	table.SetSource(func() { table.Remove(handle) })
	s := bindMem(t, m, "x", Options{})
	fd := s.FD()
	closeAsEngine := func() {
		handle = table.Insert(s)
		require.NoError(t, unix.Close(fd))
	}
	closeAsEngine()
	_, err := m.Dial(background, "x")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	s = bindMem(t, m, "x", Options{})
	fd = s.FD()
	c := dialMem(t, m, "x")
	closeAsEngine()
	listenMem(t, m, "x")
	_, err = c.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err)
}

func TestMemoryHTTP(t *testing.T) {
	m := NewMemory()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Host+" "+r.RemoteAddr)
	})}
	l := listenMem(t, m, "web")
	exact := listenMem(t, m, "exact:8080")
	var wg sync.WaitGroup
	for _, l := range []net.Listener{l, exact} {
		wg.Go(func() { _ = server.Serve(l) })
	}
	client := &http.Client{Transport: &http.Transport{DialContext: m.DialContext, DisableKeepAlives: true}}
	for url, want := range map[string]string{
		"http://web/":        "web web#",
		"http://web:99/":     "web:99 web#",
		"http://exact:8080/": "exact:8080 exact:8080#",
	} {
		response, err := client.Get(url)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Contains(t, string(body), want)
	}
	_, err := client.Get("http://nobody/")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	require.NoError(t, server.Close())
	wg.Wait()
}

// Many on all sides at once, and nothing is left over.
func TestMemoryConcurrent(t *testing.T) {
	before, counters := descriptors(t), eventfds(t)
	m := NewMemory()
	const clients = 64
	l, err := m.Listen("go")
	require.NoError(t, err)
	s, err := m.Bind("script", Options{})
	require.NoError(t, err)
	var wg sync.WaitGroup
	for n := range clients {
		name := []string{"go", "script"}[n%2]
		wg.Go(func() {
			c, err := m.Dial(background, name)
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = c.Write([]byte("x"))
			_, _ = io.ReadAll(c)
			_ = c.Close()
		})
	}
	for range clients / 2 {
		c, err := l.Accept()
		require.NoError(t, err)
		_, err = io.ReadFull(c, make([]byte, 1))
		require.NoError(t, err)
		require.NoError(t, c.Close())
		a := accept(t, s)
		receive(t, a, 0)
		require.NoError(t, a.Close())
	}
	wg.Wait()
	require.NoError(t, l.Close())
	require.NoError(t, s.Close())
	nothingNew(t, before, counters)
}

// nothingNew waits until all is closed that was not open before: the tests that
// came earlier may have left something that was about to be.
func nothingNew(t *testing.T, before []string, counters int) {
	t.Helper()
	require.Eventually(t, func() bool {
		fresh := slices.DeleteFunc(descriptors(t), func(d string) bool { return slices.Contains(before, d) })
		return len(fresh) == 0 && eventfds(t) <= counters
	}, patience*time.Millisecond, time.Millisecond, "%q", descriptors(t))
}

// eventfds counts the descriptors of queues.
func eventfds(t *testing.T) (n int) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	for _, e := range entries {
		if target, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && target == "anon_inode:[eventfd]" {
			n++
		}
	}
	return n
}

// A listener whose rate is used up keeps clients waiting until it is closed.
func TestMemoryAcceptRate(t *testing.T) {
	m := NewMemory()
	s, err := Throttle(bindMem(t, m, "x", Options{}), NewRates(Limits{AcceptRate: 1e-6}))
	require.NoError(t, err)
	first := connectMem(t, m, "x", Options{})
	accept(t, s)
	require.NotNil(t, first)
	ctx, cancel := context.WithTimeout(background, 20*time.Millisecond)
	defer cancel()
	_, err = m.Connect(ctx, "x", Options{})
	failedWith(t, err, "connect", syscall.ETIMEDOUT)
	refused := make(chan error, 1)
	go func() {
		_, err := m.Dial(background, "x")
		refused <- err
	}()
	require.Eventually(t, func() bool { return len(s.virtual.shared.queue.slots) == 1 }, patience*time.Millisecond, time.Millisecond)
	require.NoError(t, s.Close())
	require.ErrorIs(t, <-refused, syscall.ECONNREFUSED)
}
