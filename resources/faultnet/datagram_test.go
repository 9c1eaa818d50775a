package faultnet_test

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/resources/faultnet"
)

var six = []string{"1", "2", "3", "4", "5", "6"}

// What becomes of six datagrams, on their way out and on their way in.
func TestDatagrams(t *testing.T) {
	for _, tt := range []struct {
		name string
		rule faultnet.Rule
		want []string
	}{
		{"none", faultnet.Rule{Op: faultnet.Listen, Skip: 10, Err: syscall.EIO}, six},
		{"each second is lost", faultnet.Rule{Do: faultnet.Drop, Every: 2}, []string{"1", "3", "5"}},
		{"the first is lost", faultnet.Rule{Do: faultnet.Drop, Times: 1}, []string{"2", "3", "4", "5", "6"}},
		{"each third comes twice", faultnet.Rule{Do: faultnet.Duplicate, Every: 3}, []string{"1", "2", "3", "3", "4", "5", "6", "6"}},
		{"pairs change places", faultnet.Rule{Do: faultnet.Reorder, Delay: patience}, []string{"2", "1", "4", "3", "6", "5"}},
		{"the second is overtaken", faultnet.Rule{Do: faultnet.Reorder, Skip: 1, Times: 1, Delay: patience}, []string{"1", "3", "2", "4", "5", "6"}},
		{"the last finds nobody to overtake it", faultnet.Rule{Do: faultnet.Reorder, Skip: 5, Delay: time.Millisecond}, six},
		{"nor does it wait longer by default", faultnet.Rule{Do: faultnet.Reorder, Skip: 5}, six},
		{"the first is very late", faultnet.Rule{Delay: time.Hour, Times: 1}, []string{"2", "3", "4", "5", "6"}},
		{"all are late", faultnet.Rule{Delay: time.Millisecond}, six},
		{"after two bytes", faultnet.Rule{Do: faultnet.Drop, AfterBytes: 2, Times: 1}, []string{"1", "2", "4", "5", "6"}},
	} {
		for _, op := range []faultnet.Op{faultnet.Read, faultnet.Write} {
			t.Run(tt.name+", "+op.String(), func(t *testing.T) {
				if tt.rule.Op == 0 || tt.rule.Op&(faultnet.Read|faultnet.Write) != 0 {
					tt.rule.Op = op
				}
				n := rules(tt.rule)
				faulty, plain := udp(t, n)
				from, to := plain, faulty
				if op == faultnet.Write {
					from, to = faulty, plain
				}
				send(t, from, to.LocalAddr(), six...)
				require.Equal(t, tt.want, receive(t, to, len(tt.want)))
				require.NoError(t, to.SetReadDeadline(time.Now().Add(time.Millisecond)))
				_, _, err := to.ReadFrom(make([]byte, 10))
				require.ErrorIs(t, err, os.ErrDeadlineExceeded, "nothing else arrives")
			})
		}
	}
}

// Rules about the whole of a stream have nothing to say here.
func TestStreamRulesSpareDatagrams(t *testing.T) {
	const both = faultnet.Read | faultnet.Write
	n := rules(faultnet.Rule{Op: both, Chunk: 1}, faultnet.Rule{Op: both, Do: faultnet.Reset}, faultnet.Rule{Op: both, Do: faultnet.HalfOpen})
	a, b := udp(t, n)
	send(t, a, b.LocalAddr(), "whole")
	require.Equal(t, []string{"whole"}, receive(t, b, 1))
	require.Empty(t, n.Injected())
	n = rules(faultnet.Rule{Op: both, Do: faultnet.Drop}, faultnet.Rule{Op: both, Do: faultnet.Reorder})
	c, d := tcp(t, n)
	transfer(t, c, d, "and these have nothing to say to streams")
	require.Empty(t, n.Injected())
}

// Loss by chance is the same each time.
func TestLossByChance(t *testing.T) {
	lost := func() (list []int) {
		n := faultnet.New(faultnet.Config{Seed: 7, Rules: []faultnet.Rule{{Op: faultnet.Write, P: .5, Do: faultnet.Drop}}})
		a, b := udp(t, n)
		for range 100 {
			send(t, a, b.LocalAddr(), "x")
		}
		for _, i := range n.Injected() {
			list = append(list, i.N)
		}
		return list
	}
	first := lost()
	require.InDelta(t, 50, len(first), 20)
	require.Equal(t, first, lost())
}

// A dialled socket is a connection and a packet socket at once.
func TestDialledDatagrams(t *testing.T) {
	type both interface {
		net.Conn
		net.PacketConn
	}
	n := rules(faultnet.Rule{Op: faultnet.Write, Every: 2, Do: faultnet.Drop}, faultnet.Rule{Op: faultnet.Read, Do: faultnet.Duplicate})
	peer, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	closing(t, limited(t, peer))
	conn, err := n.DialContext(t.Context(), "udp4", peer.LocalAddr().String())
	require.NoError(t, err)
	closing(t, limited(t, conn))
	require.Equal(t, peer.LocalAddr().String(), conn.RemoteAddr().String())
	for _, s := range six {
		_, err := conn.Write([]byte(s))
		require.NoError(t, err)
	}
	require.Equal(t, []string{"1", "3", "5"}, receive(t, peer, 3))
	send(t, peer, conn.LocalAddr(), "a", "b")
	buf := make([]byte, 10)
	got, err := conn.Read(buf)
	require.NoError(t, err)
	require.Equal(t, "a", string(buf[:got]))
	require.Equal(t, []string{"a", "b", "b"}, receive(t, conn.(both), 3))
	_, err = conn.(both).WriteTo([]byte("x"), peer.LocalAddr())
	require.ErrorIs(t, err, net.ErrWriteToConnected)
	_, err = conn.(both).WriteTo([]byte("x"), nil)
	require.Error(t, err)
}

// A connection for datagrams that has no packet socket's methods gets none.
func TestDatagramsOfAConnection(t *testing.T) {
	a, b := udp(t, rules())
	below, err := net.Dial("udp4", b.LocalAddr().String())
	require.NoError(t, err)
	c := rules(faultnet.Rule{Op: faultnet.Write, Times: 1, Do: faultnet.Duplicate}).Conn(onlyConn{below})
	closing(t, limited(t, c), a)
	require.NotImplements(t, (*net.PacketConn)(nil), c)
	_, err = c.Write([]byte("x"))
	require.NoError(t, err)
	require.Equal(t, []string{"x", "x"}, receive(t, b, 2))
	send(t, b, c.LocalAddr(), "y")
	buf := make([]byte, 10)
	got, err := c.Read(buf)
	require.NoError(t, err)
	require.Equal(t, "y", string(buf[:got]))
}

type onlyConn struct{ net.Conn }

func TestUnixDatagrams(t *testing.T) {
	dir := t.TempDir()
	n := rules(faultnet.Rule{Op: faultnet.Write, Network: "unixgram", Times: 1, Err: syscall.ENOBUFS}, faultnet.Rule{Op: faultnet.Read, Times: 1, Do: faultnet.Drop})
	a, err := n.ListenPacket(t.Context(), "unixgram", filepath.Join(dir, "a"))
	require.NoError(t, err)
	b, err := n.ListenPacket(t.Context(), "unixgram", filepath.Join(dir, "b"))
	require.NoError(t, err)
	closing(t, limited(t, a), limited(t, b))
	_, err = a.WriteTo([]byte("x"), b.LocalAddr())
	require.ErrorIs(t, err, syscall.ENOBUFS)
	send(t, a, b.LocalAddr(), "1", "2")
	require.Equal(t, []string{"2"}, receive(t, b, 1))
}

// A datagram that is longer than the buffer is cut, as by the system.
func TestCutDatagram(t *testing.T) {
	a, b := udp(t, rules(faultnet.Rule{Op: faultnet.Read, Delay: time.Microsecond}))
	send(t, b, a.LocalAddr(), "12345", "6")
	buf := make([]byte, 3)
	n, from, err := a.ReadFrom(buf)
	require.NoError(t, err)
	require.Equal(t, "123", string(buf[:n]))
	require.Equal(t, b.LocalAddr().String(), from.String())
	require.Equal(t, []string{"6"}, receive(t, a, 1))
}

// An error spares the datagram: it is neither sent nor taken.
func TestDatagramErrors(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Read | faultnet.Write, Times: 1, Err: syscall.ENOMEM, Delay: time.Microsecond})
	a, b := udp(t, n)
	send(t, b, a.LocalAddr(), "one")
	_, _, err := a.ReadFrom(make([]byte, 10))
	require.ErrorIs(t, err, syscall.ENOMEM)
	require.Equal(t, []string{"one"}, receive(t, a, 1))
	_, err = a.WriteTo([]byte("lost"), b.LocalAddr())
	require.ErrorIs(t, err, syscall.ENOMEM)
	send(t, a, b.LocalAddr(), "two")
	require.Equal(t, []string{"two"}, receive(t, b, 1))
}

func TestWhatEndsDatagramsThatHang(t *testing.T) {
	calls := map[string]func(net.PacketConn) error{
		"read":  func(c net.PacketConn) error { _, _, err := c.ReadFrom(make([]byte, 1)); return err },
		"write": func(c net.PacketConn) error { _, err := c.WriteTo([]byte("x"), c.LocalAddr()); return err },
		"nothing comes": func(c net.PacketConn) error {
			_, err := c.WriteTo([]byte("one that is lost"), c.LocalAddr())
			if err == nil {
				_, _, err = c.ReadFrom(make([]byte, 1))
			}
			return err
		},
	}
	for name, call := range calls {
		for _, how := range []string{"deadline before", "deadline while", "close"} {
			t.Run(name+", "+how, func(t *testing.T) {
				r := faultnet.Rule{Op: faultnet.Read | faultnet.Write, Do: faultnet.Hang}
				if name == "nothing comes" {
					r.Do = faultnet.Drop
				}
				hangs := make(chan bool, 10)
				n := faultnet.New(faultnet.Config{Rules: []faultnet.Rule{r}, OnInject: func(faultnet.Injection) { hangs <- true }})
				a, _ := udp(t, n)
				require.NoError(t, a.SetDeadline(time.Time{}))
				if how == "deadline before" {
					require.NoError(t, a.SetDeadline(time.Now().Add(5*time.Millisecond)))
				}
				result := make(chan error, 1)
				go func() { result <- call(a) }()
				if how != "deadline before" {
					<-hangs
				}
				want := os.ErrDeadlineExceeded
				switch how {
				case "deadline while":
					require.NoError(t, a.SetDeadline(time.Now()))
				case "close":
					require.NoError(t, a.Close())
					want = net.ErrClosed
				}
				require.ErrorIs(t, <-result, want)
			})
		}
	}
}

// A hang that is healed goes on as if nothing had been.
func TestHealedDatagrams(t *testing.T) {
	var n *faultnet.Network
	n = faultnet.New(faultnet.Config{Rules: []faultnet.Rule{{Op: faultnet.Write, Do: faultnet.Hang}},
		OnInject: func(faultnet.Injection) { n.Heal() }})
	a, b := udp(t, n)
	send(t, a, b.LocalAddr(), "x")
	require.Equal(t, []string{"x"}, receive(t, b, 1))
}

// What was sent arrives, though its sender has gone.
func TestDatagramsOutliveTheirSocket(t *testing.T) {
	for _, r := range []faultnet.Rule{{Delay: 2 * time.Millisecond}, {Do: faultnet.Reorder, Delay: time.Hour}} {
		r.Op = faultnet.Write
		a, b := udp(t, rules(r))
		send(t, a, b.LocalAddr(), "last words")
		require.NoError(t, a.Close())
		require.Equal(t, []string{"last words"}, receive(t, b, 1))
		requireClosed(t, a)
		require.Eventually(t, func() bool { // its port is free again
			c, err := net.ListenPacket("udp4", a.LocalAddr().String())
			if err == nil {
				_ = c.Close()
			}
			return err == nil
		}, patience, time.Millisecond)
	}
}

func requireClosed(t *testing.T, c net.PacketConn) {
	t.Helper()
	_, _, err := c.ReadFrom(make([]byte, 1))
	require.ErrorIs(t, err, net.ErrClosed)
	_, err = c.WriteTo([]byte("x"), c.LocalAddr())
	require.ErrorIs(t, err, net.ErrClosed)
	require.ErrorIs(t, c.SetDeadline(time.Time{}), net.ErrClosed)
	require.ErrorIs(t, c.SetWriteDeadline(time.Time{}), net.ErrClosed)
	require.ErrorIs(t, c.Close(), net.ErrClosed)
}

// The deadline for writing is the caller's, not that of what leaves later.
func TestDelayedDatagramsHaveNoDeadline(t *testing.T) {
	a, b := udp(t, rules(faultnet.Rule{Op: faultnet.Write, Times: 1, Delay: 3 * time.Millisecond}))
	send(t, a, b.LocalAddr(), "late")
	require.NoError(t, a.SetWriteDeadline(time.Now()))
	_, err := a.WriteTo([]byte("x"), b.LocalAddr())
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.Equal(t, []string{"late"}, receive(t, b, 1))
	require.NoError(t, a.SetWriteDeadline(time.Time{}))
	send(t, a, b.LocalAddr(), "x")
	require.Equal(t, []string{"x"}, receive(t, b, 1))
}

// A datagram that finds its receiver's queue full waits within its deadline, and
// Close ends that.
func TestFullReceiver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	receiver, err := net.ListenPacket("unixgram", path)
	require.NoError(t, err)
	closing(t, receiver)
	c, err := rules().DialContext(t.Context(), "unixgram", path)
	require.NoError(t, err)
	closing(t, c)
	fill(t, path)
	require.NoError(t, c.SetWriteDeadline(time.Now().Add(time.Millisecond)))
	_, err = c.Write([]byte("x"))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.NoError(t, c.SetWriteDeadline(time.Time{}))
	result := make(chan error, 1)
	go func() {
		_, err := c.Write([]byte("x"))
		result <- err
	}()
	time.Sleep(time.Millisecond) // by then it may wait; it need not
	require.NoError(t, c.Close())
	require.ErrorIs(t, <-result, net.ErrClosed)
}

// fill sends datagrams to the path until its queue is full.
func fill(t *testing.T, path string) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK, 0)
	require.NoError(t, err)
	defer unix.Close(fd)
	for err == nil {
		err = unix.Sendto(fd, []byte("x"), 0, &unix.SockaddrUnix{Name: path})
	}
	require.ErrorIs(t, err, unix.EAGAIN)
}

// Whoever closes cannot keep what leaves in an hour.
func TestVeryLateDatagrams(t *testing.T) {
	a, b := udp(t, rules(faultnet.Rule{Op: faultnet.Write, Delay: time.Hour}))
	send(t, a, b.LocalAddr(), "never")
	require.NoError(t, a.Close())
	c, err := net.ListenPacket("udp4", a.LocalAddr().String())
	require.NoError(t, err)
	require.NoError(t, c.Close())
}
