package resources

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// wrappedConn is a connection that is not the kernel's alone any more.
type wrappedConn struct{ *net.TCPConn }

// tcpConns gives both ends of a tcp connection as Go has them.
func tcpConns(t *testing.T) (client, server *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	c, err := net.Dial("tcp4", l.Addr().String())
	require.NoError(t, err)
	s, err := l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = c.Close(), s.Close() })
	limit(t, c, s)
	return c.(*net.TCPConn), s.(*net.TCPConn)
}

// limit bounds the waits of a test's own connections.
func limit(t *testing.T, conns ...net.Conn) {
	t.Helper()
	for _, c := range conns {
		require.NoError(t, c.SetDeadline(time.Now().Add(2*patience*time.Millisecond)))
	}
}

// goroutinesEnd checks that the test leaves no goroutine behind.
func goroutinesEnd(t *testing.T) {
	t.Helper()
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		deadline := time.Now().Add(patience * time.Millisecond)
		for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
			time.Sleep(time.Millisecond)
		}
		if n := runtime.NumGoroutine(); n > before {
			stacks := make([]byte, 1<<20)
			stacks = stacks[:runtime.Stack(stacks, true)]
			t.Errorf("%d goroutines, %d before:\n%s", n, before, stacks)
		}
	})
}

// script makes a socket of a connection and closes it at the end.
func script(t *testing.T, conn net.Conn, transport Transport) *Socket {
	t.Helper()
	s, err := FromConn(conn, transport, Options{})
	require.NoError(t, err)
	closing(t, s)
	return s
}

// pipe gives a script's socket and the other end of its connection.
func pipe(t *testing.T) (*Socket, *net.TCPConn) {
	t.Helper()
	goroutinesEnd(t)
	client, server := tcpConns(t)
	return script(t, wrappedConn{server}, TCP), client
}

func send(t *testing.T, s *Socket, data string) {
	t.Helper()
	for sent := 0; sent < len(data); {
		require.True(t, poll(t, s.FD(), unix.POLLOUT, patience), "nothing is taken")
		n, err := s.SendTo([]byte(data[sent:]), 0, nobody)
		if !errors.Is(err, syscall.EAGAIN) {
			require.NoError(t, err)
		}
		sent += n
	}
}

func readFull(t *testing.T, r io.Reader, n int) string {
	t.Helper()
	data := make([]byte, n)
	_, err := io.ReadFull(r, data)
	require.NoError(t, err)
	return string(data)
}

func TestPumpCarries(t *testing.T) {
	s, peer := pipe(t)
	require.True(t, s.Virtual())
	require.False(t, s.Framed())
	require.Equal(t, KindConn, s.Kind())
	require.Equal(t, TCP, s.Transport())
	nonblock, cloexec := statusFlags(t, s)
	require.False(t, nonblock)
	require.False(t, cloexec, "child processes inherit it")

	for remote, want := range map[bool]string{false: peer.RemoteAddr().String(), true: peer.LocalAddr().String()} {
		name, err := s.Name(remote)
		require.NoError(t, err)
		require.Equal(t, want, name)
	}
	require.Equal(t, peer.RemoteAddr().String(), s.Local())
	require.Equal(t, peer.LocalAddr().String(), s.Remote())
	require.NoError(t, s.SetNoDelay())

	_, _, err := s.RecvFrom(make([]byte, 1), 0)
	require.Equal(t, error(syscall.EAGAIN), err)
	send(t, s, "hello")
	require.Equal(t, "hello", readFull(t, peer, 5))
	_, err = peer.Write([]byte("world"))
	require.NoError(t, err)
	data, from := receive(t, s, unix.MSG_PEEK)
	require.Equal(t, "world", data)
	require.Empty(t, from)
	data, _ = receive(t, s, 0)
	require.Equal(t, "world", data)
	_, err = s.SendTo([]byte("x"), 0, ports(s)[0])
	require.NoError(t, err, "tcp does not look at addresses")

	_, _, err = s.Accept()
	require.Equal(t, error(syscall.EINVAL), err)
	var failed *Error
	require.ErrorAs(t, s.Listen(1), &failed)
	require.Equal(t, syscall.EOPNOTSUPP, failed.Errno)

	require.NoError(t, s.Close())
	require.NoError(t, s.Close(), "again")
	require.Equal(t, -1, s.FD())
	require.Equal(t, "x", readFull(t, peer, 1), "written before the close")
	_, err = peer.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err)
	_, err = s.Name(true)
	require.Equal(t, error(syscall.EBADF), err)
	require.Equal(t, error(syscall.EBADF), s.Shutdown(unix.SHUT_WR))
	_, _, err = s.Accept()
	require.Equal(t, error(syscall.EBADF), err)
}

func TestPumpOptions(t *testing.T) {
	goroutinesEnd(t)
	_, server := tcpConns(t)
	s, err := FromConn(wrappedConn{server}, TCP, Options{CloseOnExec: true, NoDelay: true, Buffers: Buffers{Send: 5000}})
	require.NoError(t, err)
	closing(t, s)
	_, cloexec := statusFlags(t, s)
	require.True(t, cloexec)
	require.Equal(t, 10000, option(t, s, unix.SOL_SOCKET, unix.SO_SNDBUF))
}

func TestPumpScriptEndsWriting(t *testing.T) {
	s, peer := pipe(t)
	send(t, s, "request")
	require.NoError(t, s.Shutdown(unix.SHUT_WR))
	all, err := io.ReadAll(peer)
	require.NoError(t, err, "the end is passed on")
	require.Equal(t, "request", string(all))
	for range 3 {
		_, err = peer.Write([]byte("answer"))
		require.NoError(t, err)
		data, _ := receive(t, s, 0)
		require.Equal(t, "answer", data, "receiving goes on")
	}
	require.NoError(t, peer.Close())
	data, _ := receive(t, s, 0)
	require.Empty(t, data)
}

func TestPumpScriptEndsWritingAndCloses(t *testing.T) {
	s, peer := pipe(t)
	require.NoError(t, s.Shutdown(unix.SHUT_WR))
	_, err := peer.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err)
	require.NoError(t, s.Close())
	require.Eventually(t, func() bool {
		_, err := peer.Write([]byte("x"))
		return err != nil
	}, patience*time.Millisecond, time.Millisecond, "the connection is closed")
}

func TestPumpConnectionEnds(t *testing.T) {
	s, peer := pipe(t)
	_, err := peer.Write([]byte("last words"))
	require.NoError(t, err)
	require.NoError(t, peer.CloseWrite())
	data, _ := receive(t, s, 0)
	require.Equal(t, "last words", data)
	data, _ = receive(t, s, 0)
	require.Empty(t, data, "the end is passed on")
	send(t, s, "heard")
	send(t, s, " them")
	require.NoError(t, s.Close())
	all, err := io.ReadAll(peer)
	require.NoError(t, err)
	require.Equal(t, "heard them", string(all))
}

// noHalves is a connection without CloseWrite.
type noHalves struct{ net.Conn }

func TestPumpWithoutCloseWrite(t *testing.T) {
	goroutinesEnd(t)
	peer, conn := net.Pipe()
	limit(t, peer)
	s := script(t, noHalves{conn}, Unix)
	require.NoError(t, s.Shutdown(unix.SHUT_WR))
	_, err := peer.Write([]byte("still there"))
	require.NoError(t, err)
	data, _ := receive(t, s, 0)
	require.Equal(t, "still there", data)
	require.NoError(t, s.Close())
	_, err = peer.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err, "closed with the script")
}

func TestPumpScriptEndsReading(t *testing.T) {
	s, peer := pipe(t)
	require.NoError(t, s.Shutdown(unix.SHUT_RD))
	data := make([]byte, 1<<20)
	_, err := peer.Write(data)
	require.NoError(t, err, "is taken off the network")
	send(t, s, "done")
	require.Equal(t, "done", readFull(t, peer, 4))
}

func TestPumpLargeTransfers(t *testing.T) {
	s, peer := pipe(t)
	conn, err := s.NetConn()
	require.NoError(t, err)
	require.NoError(t, s.Close())
	limit(t, conn)
	const size = 16 << 20
	var both sync.WaitGroup
	transfer := func(from, to net.Conn, seed uint64) {
		source := rand.NewChaCha8([32]byte{byte(seed)})
		data := make([]byte, size)
		_, _ = source.Read(data)
		both.Go(func() {
			for rest := data; len(rest) > 0; {
				n := min(len(rest), 1+int(source.Uint64()%200000))
				if _, err := from.Write(rest[:n]); err != nil {
					t.Error(err)
					return
				}
				rest = rest[n:]
			}
			_ = from.(interface{ CloseWrite() error }).CloseWrite()
		})
		both.Go(func() {
			hash := sha256.New()
			n, err := io.Copy(hash, to)
			if err != nil || n != size {
				t.Errorf("%d bytes, %v", n, err)
			}
			want := sha256.Sum256(data)
			if !bytes.Equal(want[:], hash.Sum(nil)) {
				t.Error("other data arrives")
			}
		})
	}
	transfer(conn, peer, 1)
	transfer(peer, conn, 2)
	both.Wait()
	require.NoError(t, conn.Close())
}

// fill writes until nothing more is taken for a while.
func fill(t *testing.T, s *Socket) int {
	t.Helper()
	total := 0
	for chunk := make([]byte, 1<<16); ; {
		n, err := s.SendTo(chunk, 0, nobody)
		total += n
		if errors.Is(err, syscall.EAGAIN) {
			if !poll(t, s.FD(), unix.POLLOUT, 50) {
				return total
			}
			continue
		}
		require.NoError(t, err)
		require.Less(t, total, 1<<30, "nothing holds it back")
	}
}

func TestPumpHoldsBackTheScript(t *testing.T) {
	goroutinesEnd(t)
	peer, conn := net.Pipe() // has no buffer
	limit(t, peer)
	s := script(t, noHalves{conn}, Unix)
	sent := fill(t, s)
	require.Less(t, sent, 1<<20)
	readFull(t, peer, sent)
	require.True(t, poll(t, s.FD(), unix.POLLOUT, patience), "there is room again")
}

func TestPumpHoldsBackTheConnection(t *testing.T) {
	goroutinesEnd(t)
	peer, conn := net.Pipe()
	s := script(t, noHalves{conn}, Unix)
	total := 0
	for chunk := make([]byte, 1<<14); ; {
		require.NoError(t, peer.SetWriteDeadline(time.Now().Add(50*time.Millisecond)))
		n, err := peer.Write(chunk)
		total += n
		if err != nil {
			break
		}
		require.Less(t, total, 1<<30, "nothing holds it back")
	}
	require.Less(t, total, 1<<20)
	end, err := s.NetConn()
	require.NoError(t, err)
	limit(t, end)
	readFull(t, end, total)
	require.NoError(t, end.Close())
}

func TestPumpForgetsDeadlines(t *testing.T) {
	goroutinesEnd(t)
	client, server := tcpConns(t)
	require.NoError(t, server.SetDeadline(time.Now().Add(-time.Second)))
	s := script(t, wrappedConn{server}, TCP)
	send(t, s, "in time")
	readFull(t, client, 7)
}

// faulty is a connection whose reads and writes give what they are told.
type faulty struct {
	net.Conn
	reads  chan any // string or error
	writes chan error
	closed chan struct{}
	once   sync.Once
}

func newFaulty() *faulty {
	return &faulty{reads: make(chan any, 8), writes: make(chan error, 8), closed: make(chan struct{})}
}

func (f *faulty) Read(p []byte) (int, error) {
	select {
	case r := <-f.reads:
		if err, ok := r.(error); ok {
			return 0, err
		}
		return copy(p, r.(string)), nil
	case <-f.closed:
		return 0, net.ErrClosed
	}
}

func (f *faulty) Write(p []byte) (int, error) {
	select {
	case err := <-f.writes:
		if err != nil {
			return 0, err
		}
		return len(p), nil
	case <-f.closed:
		return 0, net.ErrClosed
	}
}

func (f *faulty) Close() error                { f.once.Do(func() { close(f.closed) }); return nil }
func (f *faulty) LocalAddr() net.Addr         { return nil }
func (f *faulty) RemoteAddr() net.Addr        { return (*net.TCPAddr)(nil) }
func (f *faulty) SetDeadline(time.Time) error { return nil }

func (f *faulty) isClosed() bool {
	select {
	case <-f.closed:
		return true
	case <-time.After(patience * time.Millisecond):
		return false
	}
}

func TestPumpWriteFails(t *testing.T) {
	goroutinesEnd(t)
	conn := newFaulty()
	s := script(t, conn, TCP)
	require.Empty(t, s.Local())
	require.Empty(t, s.Remote())
	conn.writes <- errors.New("the cable is cut")
	send(t, s, "x")
	require.Eventually(t, func() bool {
		_, err := s.SendTo([]byte("y"), 0, nobody)
		return errors.Is(err, syscall.EPIPE)
	}, patience*time.Millisecond, time.Millisecond)
	conn.reads <- "the other direction works"
	data, _ := receive(t, s, 0)
	require.Equal(t, "the other direction works", data)
	require.NoError(t, s.Close())
	require.True(t, conn.isClosed())
}

func TestPumpReadFails(t *testing.T) {
	for name, failure := range map[string]error{
		"reset":     &net.OpError{Op: "read", Err: syscall.ECONNRESET},
		"timeout":   syscall.ETIMEDOUT,
		"truncated": io.ErrUnexpectedEOF,
		"other":     errors.New("the cable is cut"),
	} {
		t.Run(name, func(t *testing.T) {
			goroutinesEnd(t)
			conn := newFaulty()
			s := script(t, conn, TCP)
			conn.reads <- "before"
			conn.reads <- failure
			data, _ := receive(t, s, 0)
			require.Equal(t, "before", data)
			require.True(t, conn.isClosed())
			require.True(t, poll(t, s.FD(), unix.POLLIN, patience))
			_, _, err := s.RecvFrom(make([]byte, 1), 0)
			require.Equal(t, error(syscall.ECONNRESET), err)
			_, err = s.SendTo([]byte("x"), 0, nobody)
			require.Equal(t, error(syscall.EPIPE), err)
		})
	}
}

func TestPumpClosedElsewhere(t *testing.T) {
	for name, failure := range map[string]error{"socket": net.ErrClosed, "pipe": io.ErrClosedPipe, "end": io.EOF} {
		t.Run(name, func(t *testing.T) {
			goroutinesEnd(t)
			conn := newFaulty()
			s := script(t, conn, TCP)
			conn.reads <- failure
			data, _ := receive(t, s, 0)
			require.Empty(t, data)
		})
	}
}
