package resources

import (
	"context"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// slowDial gives a dialer that waits for what the test sends.
func slowDial() (*network, chan any) {
	outcome := make(chan any, 1)
	return &network{dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		select {
		case o := <-outcome:
			if err, ok := o.(error); ok {
				return nil, err
			}
			return o.(net.Conn), nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}, outcome
}

func TestDialViaAsync(t *testing.T) {
	for _, transport := range []Transport{TCP, UDP} {
		t.Run(string(transport), func(t *testing.T) {
			goroutinesEnd(t)
			n, outcome := slowDial()
			s, err := DialViaAsync(t.Context(), n, transport, addrPorts("192.0.2.1:1"), "", Options{})
			require.NoError(t, err)
			closing(t, s)
			require.True(t, s.Virtual())
			nonblock, cloexec := statusFlags(t, s)
			require.True(t, nonblock)
			require.False(t, cloexec)
			require.False(t, poll(t, s.FD(), unix.POLLIN|unix.POLLOUT, 30), "nothing to be done yet")
			require.Equal(t, "192.0.2.1:1", s.Remote())
			_, err = s.Name(true)
			require.Equal(t, error(syscall.ENOTCONN), err)
			_, err = s.NetConn()
			require.Equal(t, error(syscall.ENOTCONN), err)
			_, err = s.SendTo([]byte("too early"), 0, nobody)
			require.Equal(t, error(syscall.EAGAIN), err)
			_, _, err = s.RecvFrom(make([]byte, 10), 0)
			require.Equal(t, error(syscall.EAGAIN), err)

			conn := newFaulty()
			outcome <- conn
			require.True(t, poll(t, s.FD(), unix.POLLOUT, patience))
			require.Zero(t, pollNow(s.FD(), unix.POLLIN))
			name, err := s.Name(true)
			require.NoError(t, err)
			require.Equal(t, "192.0.2.1:1", name)
			conn.reads <- "hello"
			data, _ := receive(t, s, 0)
			require.Equal(t, "hello", data)
			require.Greater(t, option(t, s, unix.SOL_SOCKET, unix.SO_SNDBUF), 100000, "as large as any")
			require.NoError(t, s.Close())
			require.True(t, conn.isClosed())
		})
	}
}

func TestDialViaAsyncSendsNoJunk(t *testing.T) {
	goroutinesEnd(t)
	peer, conn := net.Pipe()
	limit(t, peer)
	n, outcome := slowDial()
	s, err := DialViaAsync(t.Context(), n, TCP, addrPorts("192.0.2.1:1"), "", Options{Buffers: Buffers{Send: 30000}})
	require.NoError(t, err)
	closing(t, s)
	outcome <- noHalves{conn}
	send(t, s, "first")
	require.Equal(t, "first", readFull(t, peer, 5))
	require.Equal(t, 60000, option(t, s, unix.SOL_SOCKET, unix.SO_SNDBUF))
}

func TestDialViaAsyncFails(t *testing.T) {
	for _, transport := range []Transport{TCP, UDP} {
		t.Run(string(transport), func(t *testing.T) {
			goroutinesEnd(t)
			n, outcome := slowDial()
			s, err := DialViaAsync(t.Context(), n, transport, addrPorts("192.0.2.1:1"), "", Options{})
			require.NoError(t, err)
			closing(t, s)
			outcome <- error(syscall.ECONNREFUSED)
			require.True(t, poll(t, s.FD(), unix.POLLOUT, patience))
			require.Eventually(t, func() bool { // the junk is let go of after the hang-up
				events := pollNow(s.FD(), unix.POLLIN|unix.POLLOUT)
				return events&^unix.POLLRDHUP == unix.POLLIN|unix.POLLOUT|unix.POLLHUP|unix.POLLERR
			}, patience*time.Millisecond, time.Millisecond)
			_, err = s.Name(true)
			require.Equal(t, error(syscall.ENOTCONN), err)
			_, _, err = s.RecvFrom(make([]byte, 10), 0)
			require.Equal(t, error(syscall.ECONNRESET), err)
			_, err = s.SendTo([]byte("too late"), 0, nobody)
			require.Equal(t, error(syscall.EPIPE), err)
		})
	}
}

func TestDialViaAsyncEnds(t *testing.T) {
	goroutinesEnd(t)
	n, _ := slowDial()
	s, err := DialViaAsync(t.Context(), n, TCP, addrPorts("192.0.2.1:1"), "", Options{})
	require.NoError(t, err)
	require.NoError(t, s.Close(), "ends the dial")

	ctx, cancel := context.WithCancel(t.Context())
	s, err = DialViaAsync(ctx, n, TCP, addrPorts("192.0.2.1:1"), "", Options{})
	require.NoError(t, err)
	closing(t, s)
	cancel()
	require.True(t, poll(t, s.FD(), unix.POLLOUT, patience))
	_, _, err = s.RecvFrom(make([]byte, 10), 0)
	require.Equal(t, error(syscall.ECONNRESET), err)
}

func TestDialViaAsyncClosedMeanwhile(t *testing.T) {
	goroutinesEnd(t)
	for range 50 {
		conn := newFaulty()
		dialling, goOn := make(chan struct{}), make(chan struct{})
		n := &network{dial: func(context.Context, string, string) (net.Conn, error) {
			close(dialling)
			<-goOn
			return conn, nil
		}}
		s, err := DialViaAsync(t.Context(), n, TCP, addrPorts("192.0.2.1:1"), "", Options{})
		require.NoError(t, err)
		<-dialling
		go close(goOn)
		require.NoError(t, s.Close())
		require.True(t, conn.isClosed(), "whichever was first")
	}
}

func TestDialViaAsyncAgainstTheClock(t *testing.T) {
	goroutinesEnd(t)
	l := goListener(t)
	n := &network{dial: dialWrapped}
	for range 50 {
		s, err := DialViaAsync(t.Context(), n, TCP, addrPorts(l.Addr().String()), "", Options{})
		require.NoError(t, err)
		require.True(t, poll(t, s.FD(), unix.POLLOUT, patience))
		name, err := s.Name(true)
		require.NoError(t, err, "writable means connected")
		require.Equal(t, l.Addr().String(), name)
		send(t, s, "x")
		require.NoError(t, s.Close())
		all, err := io.ReadAll(goAccept(t, l))
		require.NoError(t, err)
		require.Equal(t, "x", string(all))
	}
}
