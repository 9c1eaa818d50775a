package resources

import (
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

func TestPumpPassesOnWhatWasWritten(t *testing.T) {
	goroutinesEnd(t)
	peer, conn := net.Pipe()
	limit(t, peer)
	s := script(t, noHalves{conn}, Unix)
	sent := fill(t, s)
	require.NoError(t, s.Close())
	all, err := io.ReadAll(peer)
	require.NoError(t, err)
	require.Len(t, all, sent)
}

func TestPumpGivesUp(t *testing.T) {
	goroutinesEnd(t)
	conn := newFaulty() // takes nothing
	s := script(t, conn, Unix)
	setLingerIdle(s, 20*time.Millisecond)
	fill(t, s)
	require.NoError(t, s.Close())
	require.True(t, conn.isClosed())
}

func TestPumpWaitsForSlowConnections(t *testing.T) {
	goroutinesEnd(t)
	peer, conn := net.Pipe()
	limit(t, peer)
	s := script(t, noHalves{conn}, Unix)
	setLingerIdle(s, time.Second)
	sent := fill(t, s)
	require.NoError(t, s.Close())
	for taken := 0; taken < sent; taken += 1 << 15 {
		readFull(t, peer, min(1<<15, sent-taken))
		time.Sleep(200 * time.Millisecond)
	}
}

func setLingerIdle(s *Socket, d time.Duration) {
	p := s.virtual.pump
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lingerIdle = d
}

func TestPumpEndsWithTheScript(t *testing.T) {
	s, peer := pipe(t)
	require.NoError(t, s.Close())
	_, err := peer.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err, "although the pump waits for the peer's data")
}

func TestPumpLastsAsLongAsACopy(t *testing.T) {
	s, peer := pipe(t)
	inherited, err := unix.Dup(s.FD())
	require.NoError(t, err)
	require.NoError(t, s.Close())
	_, err = unix.Write(inherited, []byte("from a child process"))
	require.NoError(t, err)
	readFull(t, peer, 20)
	_, err = peer.Write([]byte("to it"))
	require.NoError(t, err)
	require.True(t, poll(t, inherited, unix.POLLIN, patience))
	buf := make([]byte, 10)
	n, err := unix.Read(inherited, buf)
	require.NoError(t, err)
	require.Equal(t, "to it", string(buf[:n]))
	require.NoError(t, unix.Close(inherited))
	_, err = peer.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err)
}

func TestPumpResetReachesOnlyItsOwn(t *testing.T) {
	goroutinesEnd(t)
	conn := newFaulty()
	s := script(t, conn, TCP)
	// An engine closes the descriptor, its number is given out anew, and the
	// socket does not know of that yet.
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	defer func() { _, _ = unix.Close(pair[0]), unix.Close(pair[1]) }()
	copied, err := unix.Dup(s.FD())
	require.NoError(t, err)
	require.NoError(t, unix.Dup2(pair[0], s.FD()))
	conn.reads <- syscall.ECONNRESET
	require.True(t, poll(t, copied, unix.POLLIN, patience))
	require.Eventually(t, func() bool { return pollNow(copied, unix.POLLOUT)&unix.POLLHUP != 0 }, patience*time.Millisecond, time.Millisecond)
	require.Zero(t, pollNow(pair[1], unix.POLLIN), "nothing was written to somebody else")
	require.NoError(t, unix.Close(copied))
	require.NoError(t, s.Close())
}

func TestPumpEndReachesTheScriptPastForks(t *testing.T) {
	for name, outcome := range map[string]error{"end": io.EOF, "reset": syscall.ECONNRESET} {
		t.Run(name, func(t *testing.T) {
			goroutinesEnd(t)
			conn := newFaulty()
			s := script(t, conn, TCP)
			// A forked process has copies of all descriptors of Go's.
			var inherited int
			require.NoError(t, s.virtual.pump.end.raw.Control(func(fd uintptr) { inherited, _ = unix.Dup(int(fd)) }))
			defer func() { _ = unix.Close(inherited) }()
			conn.reads <- outcome
			data, _ := receive(t, s, 0)
			require.Empty(t, data)
			require.NoError(t, s.Shutdown(unix.SHUT_WR))
			require.True(t, conn.isClosed())
			require.Eventually(t, func() bool { return pollNow(s.FD(), 0)&unix.POLLHUP != 0 }, patience*time.Millisecond, time.Millisecond)
		})
	}
}

func TestPumpWhateverHappens(t *testing.T) {
	goroutinesEnd(t)
	random := rand.New(rand.NewPCG(1, 2))
	var all sync.WaitGroup
	for range 300 {
		client, server := net.Pipe()
		var conn net.Conn = noHalves{server}
		if random.IntN(2) == 0 {
			tcpClient, tcpServer := tcpConns(t)
			client, conn = tcpClient, wrappedConn{tcpServer}
		}
		s, err := FromConn(conn, TCP, Options{})
		require.NoError(t, err)
		setLingerIdle(s, 50*time.Millisecond)
		if random.IntN(4) == 0 {
			_, err = Throttle(s, NewRates(Limits{ReadRate: 1 << 16, WriteRate: 1 << 16}))
			require.NoError(t, err)
		}
		steps := make([]int, 8)
		for i := range steps {
			steps[i] = random.IntN(6)
		}
		all.Go(func() {
			defer func() { _ = s.Close() }()
			for _, step := range steps {
				switch step {
				case 0:
					_ = s.Shutdown(unix.SHUT_WR)
				case 1:
					_ = s.Shutdown(unix.SHUT_RD)
				case 2:
					_, _, _ = s.RecvFrom(make([]byte, 10000), 0)
				default:
					_, _ = s.SendTo(make([]byte, 10000), 0, nobody)
				}
				time.Sleep(time.Duration(step) * 100 * time.Microsecond)
			}
		})
		all.Go(func() {
			defer func() { _ = client.Close() }()
			for i := range steps {
				_ = client.SetDeadline(time.Now().Add(time.Millisecond))
				switch steps[len(steps)-1-i] {
				case 0:
					if c, ok := client.(*net.TCPConn); ok {
						_ = c.CloseWrite()
					}
				case 1:
					if c, ok := client.(*net.TCPConn); ok {
						_ = c.SetLinger(0) // a reset at the end
					}
				case 2, 3:
					_, _ = client.Read(make([]byte, 10000))
				default:
					_, _ = client.Write(make([]byte, 10000))
				}
			}
		})
	}
	all.Wait()
}

func TestPumpsOfATable(t *testing.T) {
	goroutinesEnd(t)
	table := NewTable()
	var peers sync.WaitGroup
	for range 100 {
		peer, conn := net.Pipe()
		limit(t, peer)
		s, err := FromConn(noHalves{conn}, Unix, Options{})
		require.NoError(t, err)
		table.Insert(s)
		peers.Go(func() { _, _ = io.Copy(io.Discard, peer); _ = peer.Close() })
		peers.Go(func() {
			for {
				if _, err := peer.Write(make([]byte, 3000)); err != nil {
					return
				}
			}
		})
		peers.Go(func() {
			for {
				if _, err := s.SendTo(make([]byte, 3000), 0, nobody); errors.Is(err, syscall.EBADF) {
					return
				}
				_, _, _ = s.RecvFrom(make([]byte, 5000), 0)
				runtime.Gosched()
			}
		})
	}
	for _, info := range table.List() {
		require.True(t, info.Virtual)
	}
	time.Sleep(20 * time.Millisecond)
	require.Equal(t, 100, table.CloseAll())
	peers.Wait()
}

func TestHangupWatchRests(t *testing.T) {
	for range 20 {
		s, peer := pipe(t)
		require.NoError(t, s.Close())
		_, err := peer.Read(make([]byte, 1))
		require.Equal(t, io.EOF, err)
	}
	require.Eventually(t, func() bool {
		hangups.mu.Lock()
		defer hangups.mu.Unlock()
		return hangups.epoll == nil && len(hangups.calls) == 0
	}, patience*time.Millisecond, time.Millisecond)
}

func TestOtherEnd(t *testing.T) {
	goroutinesEnd(t)
	peer, conn := net.Pipe()
	s := script(t, conn, TCP)
	fd, cookie := s.OtherEnd()
	require.NotZero(t, cookie)
	require.Equal(t, cookie, cookieOf(fd))
	require.NoError(t, peer.Close())
	require.NoError(t, s.Close())
	require.Eventually(t, func() bool { return cookieOf(fd) != cookie }, patience*time.Millisecond, time.Millisecond)
	for _, none := range []*Socket{listen(t, Options{}), fromListener(t, newScripted(), Options{})} {
		_, cookie = none.OtherEnd()
		require.Zero(t, cookie)
	}
}

// An interrupted call of a connection wants repeating, and one that is always interrupted ends.
func TestPumpRepeatsInterruptedCalls(t *testing.T) {
	goroutinesEnd(t)
	peer, conn := net.Pipe()
	limit(t, peer)
	s := script(t, &interruptedConn{Conn: conn, every: 2}, TCP)
	for range 9 {
		_, err := s.SendTo([]byte("abc"), 0, nobody)
		require.NoError(t, err)
		require.Equal(t, "abc", readFull(t, peer, 3))
		_, err = peer.Write([]byte("def"))
		require.NoError(t, err)
		data, _ := receive(t, s, 0)
		require.Equal(t, "def", data)
	}
	require.NoError(t, s.Close())

	_, conn = net.Pipe()
	s = script(t, &interruptedConn{Conn: conn, every: 1}, TCP)
	require.True(t, poll(t, s.FD(), unix.POLLIN, patience))
	_, _, err := s.RecvFrom(make([]byte, 1), 0)
	require.Equal(t, error(syscall.ECONNRESET), err)
}

// interruptedConn fails with EINTR on so many calls.
type interruptedConn struct {
	net.Conn
	every         int
	reads, writes int
}

func (c *interruptedConn) Read(p []byte) (int, error) {
	if c.reads++; c.reads%c.every == 0 {
		return 0, syscall.EINTR
	}
	return c.Conn.Read(p)
}

func (c *interruptedConn) Write(p []byte) (int, error) {
	if c.writes++; c.writes%c.every == 0 {
		return 0, syscall.EINTR
	}
	return c.Conn.Write(p)
}
