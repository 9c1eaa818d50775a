package resources

import (
	"context"
	"io"
	"math"
	"net"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func throttled(t *testing.T, s *Socket, l Limits) *Socket {
	t.Helper()
	s, err := Throttle(s, NewRates(l))
	require.NoError(t, err)
	closing(t, s)
	return s
}

// atLeast is how long so many bytes take at a rate, less what may go at once
// and less what a clock may be off.
func atLeast(t *testing.T, since time.Time, bytes, rate int) {
	t.Helper()
	seconds := float64(bytes-max(rate/10, minBurst)) / float64(rate) / 2
	require.Greater(t, time.Since(since).Seconds(), seconds)
}

func TestNewRates(t *testing.T) {
	require.Nil(t, NewRates())
	require.Nil(t, NewRates(Limits{}, Limits{OpenSockets: 3, DatagramSize: 4, AcceptRate: -1, ReadRate: -1}))
	require.Nil(t, NewRates(Limits{AcceptRate: math.NaN()}))

	r := NewRates(Limits{AcceptRate: 0.5, WriteRate: 1000}, Limits{WriteRate: 1 << 20}, Limits{WriteRate: math.MaxInt64})
	require.Len(t, r.accept, 1)
	require.Len(t, r.write, 3)
	require.Empty(t, r.read)
	require.Equal(t, 1, r.accept[0].Burst())
	require.Equal(t, minBurst, r.write[0].Burst())
	require.Equal(t, 1<<20/10, r.write[1].Burst())
	require.Equal(t, 100, r.writeSize())
	require.Zero(t, r.readSize())
	require.Equal(t, minBurst, r.write.buffer())
	require.Equal(t, 1, NewRates(Limits{ReadRate: 3}).readSize())
	require.Equal(t, maxPortion, NewRates(Limits{ReadRate: 1 << 40}).readSize())
	require.Zero(t, NewRates(Limits{ReadRate: 1 << 40}).read.buffer())

	var none *Rates
	require.NoError(t, none.waitAccept(t.Context()))
	require.NoError(t, none.waitRead(t.Context(), 1<<30))
	require.NoError(t, none.waitWrite(t.Context(), 1<<30))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Error(t, r.waitWrite(ctx, 1<<30))
}

func TestThrottleLeavesAlone(t *testing.T) {
	_, s := connect(t)
	same, err := Throttle(s, nil)
	require.NoError(t, err)
	require.Same(t, s, same)

	r := NewRates(Limits{ReadRate: 1, WriteRate: 1, AcceptRate: 1})
	a, b, err := SocketPair(unix.AF_UNIX, unix.SOCK_STREAM, 0, Options{})
	require.NoError(t, err)
	closing(t, a, b)
	for _, s := range []*Socket{a, Unbound(TCP), bind(t, TCP, Options{})} {
		same, err := Throttle(s, r)
		require.NoError(t, err)
		require.Same(t, s, same)
	}
}

func TestThrottleWriting(t *testing.T) {
	goroutinesEnd(t)
	const rate, size = 100 << 10, 60 << 10
	client, server := connect(t)
	kernel := client.FD()
	local, remote := client.Local(), client.Remote()
	s := throttled(t, client, Limits{WriteRate: rate})
	require.Equal(t, -1, client.FD(), "used up")
	require.NotEqual(t, -1, kernel)
	require.True(t, s.Virtual())
	require.Equal(t, KindConn, s.Kind())
	require.Equal(t, []string{local, remote}, []string{s.Local(), s.Remote()})
	name, err := s.Name(true)
	require.NoError(t, err)
	require.Equal(t, remote, name)
	nonblock, cloexec := statusFlags(t, s)
	require.False(t, nonblock)
	require.False(t, cloexec)
	require.NoError(t, s.SetNoDelay())

	peer, err := server.NetConn()
	require.NoError(t, err)
	defer func() { _ = peer.Close() }()
	require.NoError(t, server.Close())
	limit(t, peer)
	begin := time.Now()
	var done sync.WaitGroup
	done.Go(func() { send(t, s, strings.Repeat("x", size)) })
	readFull(t, peer, size)
	atLeast(t, begin, size, rate)
	done.Wait()

	// The other direction is free.
	_, err = peer.Write([]byte("quick"))
	require.NoError(t, err)
	data, _ := receive(t, s, 0)
	require.Equal(t, "quick", data)

	// What was written before the close gets there, at the rate.
	send(t, s, "the end")
	require.NoError(t, s.Close())
	all, err := io.ReadAll(peer)
	require.NoError(t, err)
	require.Equal(t, "the end", string(all))
}

func TestThrottleReading(t *testing.T) {
	const rate, size = 100 << 10, 60 << 10
	s, peer := pipe(t)
	require.Same(t, s, throttled(t, s, Limits{ReadRate: rate}), "has a pump already")
	begin := time.Now()
	var done sync.WaitGroup
	done.Go(func() {
		if _, err := peer.Write(make([]byte, size)); err != nil {
			t.Error(err)
		}
	})
	conn, err := s.NetConn()
	require.NoError(t, err)
	limit(t, conn)
	readFull(t, conn, size)
	atLeast(t, begin, size, rate)
	done.Wait()
	require.NoError(t, conn.Close())
}

func TestThrottleSeveralRates(t *testing.T) {
	const rate, size = 100 << 10, 40 << 10
	s, peer := pipe(t)
	r := NewRates(Limits{WriteRate: 1 << 40}, Limits{WriteRate: rate})
	_, err := Throttle(s, r)
	require.NoError(t, err)
	begin := time.Now()
	var done sync.WaitGroup
	done.Go(func() { send(t, s, strings.Repeat("x", size)) })
	readFull(t, peer, size)
	atLeast(t, begin, size, rate)
	done.Wait()
}

func TestThrottleIsFair(t *testing.T) {
	goroutinesEnd(t)
	r := NewRates(Limits{WriteRate: 200 << 10})
	const sockets = 4
	var got [sockets]int
	var all sync.WaitGroup
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	for i := range sockets {
		peer, conn := net.Pipe()
		s := script(t, noHalves{conn}, Unix)
		_, err := Throttle(s, r)
		require.NoError(t, err)
		all.Go(func() {
			for ctx.Err() == nil {
				_, _ = s.SendTo(make([]byte, 1<<12), 0, nobody)
				time.Sleep(time.Millisecond)
			}
			_ = peer.Close()
		})
		all.Go(func() {
			buf := make([]byte, 1<<16)
			for {
				n, err := peer.Read(buf)
				if err != nil {
					return
				}
				if ctx.Err() == nil {
					got[i] += n
				}
			}
		})
	}
	all.Wait()
	for i := range got {
		require.Greater(t, 3*got[i]+1<<16, got[0], "%v", got)
	}
}

func TestThrottleEndsWithTheSocket(t *testing.T) {
	goroutinesEnd(t)
	conn := newFaulty()
	s := script(t, conn, TCP)
	_, err := Throttle(s, NewRates(Limits{ReadRate: 1, WriteRate: 1}))
	require.NoError(t, err)
	conn.reads <- strings.Repeat("x", 4000)
	receive(t, s, 0)
	require.NoError(t, s.Close())
	require.True(t, conn.isClosed())

	// Somebody who wrote more than the rate allows is given some time for it.
	conn = newFaulty()
	s = script(t, conn, TCP)
	setLingerIdle(s, 20*time.Millisecond)
	_, err = Throttle(s, NewRates(Limits{WriteRate: 1}))
	require.NoError(t, err)
	send(t, s, strings.Repeat("x", 1000))
	require.NoError(t, s.Close())
	require.True(t, conn.isClosed())
}

func TestThrottleKeepsFlags(t *testing.T) {
	goroutinesEnd(t)
	l := listen(t, Options{CloseOnExec: true})
	_, err := dial(t, NewDial(TCP, ports(l), nobody, Options{}, false))
	require.NoError(t, err)
	s := accept(t, l)
	s.Persist()
	created := s.Created()
	require.NoError(t, unix.SetNonblock(s.FD(), true))
	s = throttled(t, s, Limits{WriteRate: 1000})
	nonblock, cloexec := statusFlags(t, s)
	require.True(t, nonblock)
	require.True(t, cloexec)
	require.True(t, s.Persistent())
	require.Equal(t, created, s.Created())
	require.Equal(t, 2*minBurst, option(t, s, unix.SOL_SOCKET, unix.SO_SNDBUF))
}

func TestThrottleAnAsyncDial(t *testing.T) {
	goroutinesEnd(t)
	// A listener whose queue is full lets connects wait.
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	defer func() { _ = unix.Close(fd) }()
	require.NoError(t, unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	require.NoError(t, unix.Listen(fd, 0))
	name, errno := sysName(fd, false)
	require.Zero(t, errno)
	addrs := []netip.AddrPort{netip.MustParseAddrPort(name.text())}
	asyncDial := func() *Socket {
		s, _, err := NewDial(TCP, addrs, nobody, Options{}, true).Step(false, false)
		require.NoError(t, err)
		closing(t, s)
		return s
	}
	asyncDial() // fills the queue
	waiting := asyncDial()
	if _, errno := sysName(waiting.FD(), true); errno == 0 {
		t.Skip("the queue takes more than it should")
	}
	s := throttled(t, waiting, Limits{WriteRate: 1 << 20})
	nonblock, _ := statusFlags(t, s)
	require.True(t, nonblock)
	require.False(t, poll(t, s.FD(), unix.POLLIN|unix.POLLOUT, 30))
	_, err = s.Name(true)
	require.Equal(t, error(syscall.ENOTCONN), err)
	require.NoError(t, s.Close(), "ends the wait")

	// Room in the queue, which the kernel notices when it tries again.
	s = throttled(t, asyncDial(), Limits{WriteRate: 1 << 20})
	go func() {
		for range 2 {
			if conn, _, err := unix.Accept(fd); err == nil {
				defer func() { _ = unix.Close(conn) }()
			}
		}
	}()
	require.True(t, poll(t, s.FD(), unix.POLLOUT, patience))
	remote, err := s.Name(true)
	require.NoError(t, err)
	require.Equal(t, addrs[0].String(), remote)
}

func TestThrottleAnAsyncDialThatFails(t *testing.T) {
	goroutinesEnd(t)
	l := bind(t, TCP, Options{}) // does not listen
	s, _, err := NewDial(TCP, ports(l), nobody, Options{}, true).Step(false, false)
	require.NoError(t, err)
	s = throttled(t, s, Limits{ReadRate: 1000})
	require.True(t, poll(t, s.FD(), unix.POLLOUT, patience))
	_, err = s.Name(true)
	require.Equal(t, error(syscall.ENOTCONN), err)
	_, _, err = s.RecvFrom(make([]byte, 1), 0)
	require.Equal(t, error(syscall.ECONNRESET), err)
}

func TestThrottleDialViaAsync(t *testing.T) {
	goroutinesEnd(t)
	n, outcome := slowDial()
	s, err := DialViaAsync(t.Context(), n, TCP, addrPorts("192.0.2.1:1"), "", Options{})
	require.NoError(t, err)
	require.Same(t, s, throttled(t, s, Limits{WriteRate: 10000}))
	require.False(t, poll(t, s.FD(), unix.POLLIN|unix.POLLOUT, 20))
	conn := newFaulty()
	outcome <- conn
	require.True(t, poll(t, s.FD(), unix.POLLOUT, patience))
	require.Eventually(t, func() bool { return option(t, s, unix.SOL_SOCKET, unix.SO_SNDBUF) == 20000 }, patience*time.Millisecond, time.Millisecond)
}

func TestThrottleDatagrams(t *testing.T) {
	goroutinesEnd(t)
	const rate, size, datagrams = 100 << 10, 10 << 10, 5
	server := bind(t, UDP, Options{})
	local := server.Local()
	s := throttled(t, server, Limits{ReadRate: rate, WriteRate: rate})
	require.True(t, s.Framed())
	require.Equal(t, KindBound, s.Kind())
	require.Equal(t, local, s.Local())
	peer := udpConn(t)

	begin := time.Now()
	for range datagrams {
		_, err := peer.WriteToUDPAddrPort(make([]byte, size), ports(s)[0])
		require.NoError(t, err)
	}
	buf := make([]byte, 1<<16)
	for range datagrams {
		require.True(t, poll(t, s.FD(), unix.POLLIN, patience))
		n, from, err := s.RecvFrom(buf, 0)
		require.NoError(t, err)
		require.Equal(t, size, n)
		require.Equal(t, peer.LocalAddr().String(), from)
	}
	atLeast(t, begin, datagrams*size, rate)

	begin = time.Now()
	for range datagrams {
		_, err := s.SendTo(make([]byte, size), 0, peer.LocalAddr().(*net.UDPAddr).AddrPort())
		require.NoError(t, err)
	}
	for range datagrams {
		require.Len(t, datagramOf(t, peer), size)
	}
	atLeast(t, begin, datagrams*size, rate)

	client := throttled(t, dialTo(t, bind(t, UDP, Options{}), Options{}), Limits{WriteRate: rate})
	require.False(t, client.Framed())
	_, err := client.SendTo(nil, 0, nobody)
	require.NoError(t, err)
}

func TestThrottleAListener(t *testing.T) {
	goroutinesEnd(t)
	l := listen(t, Options{CloseOnExec: true})
	addrs := ports(l)
	s := throttled(t, l, Limits{AcceptRate: 20, WriteRate: 1 << 20})
	require.Equal(t, KindListener, s.Kind())
	require.True(t, s.Virtual())
	require.Equal(t, addrs[0].String(), s.Local())
	_, cloexec := statusFlags(t, s)
	require.True(t, cloexec)
	_, _, err := s.Accept()
	require.Equal(t, error(syscall.EAGAIN), err)
	require.NoError(t, s.Listen(17))
	_, err = s.Name(true)
	require.Equal(t, error(syscall.ENOTCONN), err)

	const connections = 10
	begin := time.Now()
	for range connections {
		dialTo(t, s, Options{})
	}
	for range connections {
		conn := accept(t, s)
		require.True(t, conn.Virtual(), "what is accepted is throttled, too")
		require.Same(t, s.virtual.rates.Load(), conn.virtual.rates.Load())
		_, cloexec := statusFlags(t, conn)
		require.True(t, cloexec)
	}
	// Two may go at once.
	require.Greater(t, time.Since(begin).Seconds(), float64(connections-3)/20/2)

	dialTo(t, s, Options{})
	require.NoError(t, s.Close())
	_, _, err = s.Accept()
	require.Equal(t, error(syscall.EBADF), err)
	again, err := Bind(TCP, addrs, Options{})
	require.NoError(t, err, "the address is free at once")
	require.NoError(t, again.Close())
}

func TestThrottledListenerLeavesTheQueue(t *testing.T) {
	goroutinesEnd(t)
	l := listen(t, Options{})
	fd, err := unix.Dup(l.FD())
	require.NoError(t, err)
	kept := newSocket(TCP, KindListener, fd, Options{})
	closing(t, kept)
	s := throttled(t, l, Limits{AcceptRate: 1000})
	client := dialTo(t, s, Options{})
	require.True(t, poll(t, s.FD(), unix.POLLIN, patience))
	require.NoError(t, s.Close())
	conn := accept(t, kept)
	require.Equal(t, client.Local(), conn.Remote(), "the next one who listens gets it")
}

func TestThrottledListenerShared(t *testing.T) {
	goroutinesEnd(t)
	l := listen(t, Options{})
	fd, err := unix.Dup(l.FD())
	require.NoError(t, err)
	other := newSocket(TCP, KindListener, fd, Options{})
	closing(t, other)
	s := throttled(t, l, Limits{AcceptRate: 1000})
	for range 3 {
		dialTo(t, s, Options{})
		require.True(t, poll(t, s.FD(), unix.POLLIN, patience))
		accept(t, other)
		_, _, err = s.Accept()
		require.Equal(t, error(syscall.EAGAIN), err, "somebody else was faster")
	}
	dialTo(t, s, Options{})
	accept(t, s)
}

func TestThrottleMemory(t *testing.T) {
	goroutinesEnd(t)
	m := NewMemory()
	l, err := m.Bind("server", Options{})
	require.NoError(t, err)
	closing(t, l)
	require.NoError(t, l.Listen(5))
	require.Same(t, l, throttled(t, l, Limits{AcceptRate: 1000, WriteRate: 1 << 20}))
	client, err := m.Connect(t.Context(), "server", Options{})
	require.NoError(t, err)
	closing(t, client)
	s := accept(t, l)
	require.NotNil(t, s.virtual.pump)
	require.Equal(t, Mem, s.Transport())
	require.Equal(t, "server", s.Local())
	send(t, s, "hello")
	data, _ := receive(t, client, 0)
	require.Equal(t, "hello", data)
	require.NoError(t, client.Shutdown(unix.SHUT_WR))
	data, _ = receive(t, s, 0)
	require.Empty(t, data)
	require.NoError(t, s.Close())
	data, _ = receive(t, client, 0)
	require.Empty(t, data)
}
