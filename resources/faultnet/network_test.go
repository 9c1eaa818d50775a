package faultnet_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/resources"
	"github.com/phpsock/phpsock/resources/faultnet"
)

var (
	_ faultnet.Dialer       = (*faultnet.Network)(nil)
	_ faultnet.ListenConfig = (*faultnet.Network)(nil)
	_ faultnet.Dialer       = (*net.Dialer)(nil)
	_ faultnet.ListenConfig = (*net.ListenConfig)(nil)

	_ resources.Dialer       = (*faultnet.Network)(nil)
	_ resources.ListenConfig = (*faultnet.Network)(nil)
)

// operations are the calls that can be made to fail, each over a fresh network.
var operations = []struct {
	op   faultnet.Op
	call func(t *testing.T, n *faultnet.Network) error
}{
	{faultnet.Dial, func(t *testing.T, n *faultnet.Network) error {
		_, err := n.DialContext(t.Context(), "tcp4", "127.0.0.1:1")
		return err
	}},
	{faultnet.Listen, func(t *testing.T, n *faultnet.Network) error {
		_, err := n.Listen(t.Context(), "tcp4", "127.0.0.1:0")
		return err
	}},
	{faultnet.Listen, func(t *testing.T, n *faultnet.Network) error {
		_, err := n.ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
		return err
	}},
	{faultnet.Accept, func(t *testing.T, n *faultnet.Network) error {
		l, err := n.Listen(t.Context(), "tcp4", "127.0.0.1:0")
		require.NoError(t, err)
		closing(t, l)
		_, err = l.Accept()
		return err
	}},
	{faultnet.Read, func(t *testing.T, n *faultnet.Network) error {
		c, _ := tcp(t, n)
		_, err := c.Read(make([]byte, 1))
		return err
	}},
	{faultnet.Write, func(t *testing.T, n *faultnet.Network) error {
		c, _ := tcp(t, n)
		_, err := c.Write([]byte("x"))
		return err
	}},
	{faultnet.Read, func(t *testing.T, n *faultnet.Network) error {
		c, _ := udp(t, n)
		_, _, err := c.ReadFrom(make([]byte, 1))
		return err
	}},
	{faultnet.Write, func(t *testing.T, n *faultnet.Network) error {
		c, peer := udp(t, n)
		_, err := c.WriteTo([]byte("x"), peer.LocalAddr())
		return err
	}},
}

func TestErrnos(t *testing.T) {
	for _, o := range operations {
		for _, errno := range []syscall.Errno{syscall.EINTR, syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM,
			syscall.EHOSTUNREACH, syscall.ETIMEDOUT, syscall.ECONNRESET} {
			t.Run(o.op.String()+" "+errno.Error(), func(t *testing.T) {
				n := rules(faultnet.Rule{Op: o.op, Err: errno})
				err := o.call(t, n)
				require.ErrorIs(t, err, errno)
				var opError *net.OpError
				require.ErrorAs(t, err, &opError)
				require.Equal(t, o.op.String(), opError.Op)
				require.NotEmpty(t, opError.Net)
				require.True(t, opError.Addr != nil || opError.Source != nil)
				require.Equal(t, errno.Timeout(), opError.Timeout())
				if o.op == faultnet.Accept && errno == syscall.ECONNRESET {
					require.True(t, opError.Temporary(), "servers try again")
					return
				}
				var call *os.SyscallError
				require.ErrorAs(t, err, &call)
				injected := n.Injected()
				require.Len(t, injected, 1)
				require.Equal(t, errno, injected[0].Err)
				require.Equal(t, 1, n.Count(0))
			})
		}
	}
}

// The texts are package net's own.
func TestErrorTexts(t *testing.T) {
	for _, tt := range []struct {
		rule faultnet.Rule
		want string
	}{
		{faultnet.Rule{Op: faultnet.Dial, Err: syscall.EHOSTUNREACH}, "dial tcp4 127.0.0.1:1: connect: no route to host"},
		{faultnet.Rule{Op: faultnet.Dial, Err: syscall.EMFILE}, "dial tcp4 127.0.0.1:1: socket: too many open files"},
		{faultnet.Rule{Op: faultnet.Dial, Err: errors.New("proxy is down")}, "dial tcp4 127.0.0.1:1: proxy is down"},
		{faultnet.Rule{Op: faultnet.Listen, Err: syscall.EADDRINUSE}, "listen tcp4 127.0.0.1:0: bind: address already in use"},
	} {
		n := rules(tt.rule)
		for _, o := range operations {
			if o.op == tt.rule.Op {
				require.EqualError(t, o.call(t, n), tt.want)
				break
			}
		}
	}
}

func TestAnErrorOfOnesOwn(t *testing.T) {
	mine := errors.New("the tunnel has collapsed")
	for _, o := range operations {
		err := o.call(t, rules(faultnet.Rule{Op: o.op, Err: mine}))
		require.ErrorIs(t, err, mine)
		var opError *net.OpError
		require.ErrorAs(t, err, &opError)
	}
}

// Without faults everything is as below.
func TestNoFaults(t *testing.T) {
	n := rules()
	path := filepath.Join(t.TempDir(), "s")
	for _, address := range [][2]string{{"tcp4", "127.0.0.1:0"}, {"unix", path}} {
		l, err := n.Listen(t.Context(), address[0], address[1])
		require.NoError(t, err)
		closing(t, l)
		client, err := n.DialContext(t.Context(), address[0], l.Addr().String())
		require.NoError(t, err)
		server, err := l.Accept()
		require.NoError(t, err)
		closing(t, client, server)
		require.Equal(t, l.Addr(), server.LocalAddr())
		require.Equal(t, client.RemoteAddr(), server.LocalAddr())
		transfer(t, client, server, digits(1000))
		transfer(t, server, client, digits(1000))
		require.NoError(t, l.Close())
		_, err = l.Accept()
		require.ErrorIs(t, err, net.ErrClosed)
	}
	a, b := udp(t, n)
	send(t, a, b.LocalAddr(), "one", "")
	require.Equal(t, []string{"one", ""}, receive(t, b, 2))
	send(t, b, a.LocalAddr(), "two", "")
	require.Equal(t, []string{"two", ""}, receive(t, a, 2))
	require.Empty(t, n.Injected())
}

// What fails below fails above, with the same error.
func TestErrorsFromBelow(t *testing.T) {
	below := errors.New("nothing below")
	n := faultnet.New(faultnet.Config{Dialer: nowhere{below}, ListenConfig: nowhere{below}})
	_, err := n.DialContext(t.Context(), "tcp", "a:1")
	require.Equal(t, below, err)
	_, err = n.Listen(t.Context(), "tcp", "a:1")
	require.Equal(t, below, err)
	_, err = n.ListenPacket(t.Context(), "udp", "a:1")
	require.Equal(t, below, err)
}

type nowhere struct{ err error }

func (n nowhere) DialContext(context.Context, string, string) (net.Conn, error) { return nil, n.err }
func (n nowhere) Listen(context.Context, string, string) (net.Listener, error)  { return nil, n.err }
func (n nowhere) ListenPacket(context.Context, string, string) (net.PacketConn, error) {
	return nil, n.err
}

func TestHangUntilTheContextEnds(t *testing.T) {
	for _, o := range []string{"dial", "listen", "listen packet"} {
		for _, how := range []error{context.Canceled, context.DeadlineExceeded} {
			t.Run(o+" "+how.Error(), func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				if how == context.DeadlineExceeded { //nolint:errorlint // is the value itself
					ctx, cancel = context.WithTimeout(ctx, time.Millisecond)
				}
				defer cancel()
				n := faultnet.New(faultnet.Config{
					Rules: []faultnet.Rule{{Op: faultnet.Dial | faultnet.Listen, Do: faultnet.Hang}},
					OnInject: func(faultnet.Injection) {
						if how == context.Canceled { //nolint:errorlint // is the value itself
							cancel()
						}
					},
				})
				var err error
				switch o {
				case "dial":
					_, err = n.DialContext(ctx, "tcp4", "127.0.0.1:1")
				case "listen":
					_, err = n.Listen(ctx, "tcp4", "127.0.0.1:0")
				default:
					_, err = n.ListenPacket(ctx, "udp4", "127.0.0.1:0")
				}
				require.ErrorIs(t, err, how)
				var opError *net.OpError
				require.ErrorAs(t, err, &opError)
				require.Equal(t, how == context.DeadlineExceeded, opError.Timeout()) //nolint:errorlint // is the value itself
			})
		}
	}
}

func TestHeal(t *testing.T) {
	var n *faultnet.Network
	n = faultnet.New(faultnet.Config{
		Rules:    []faultnet.Rule{{Op: faultnet.Listen, Do: faultnet.Hang}, {Op: faultnet.Read, Do: faultnet.Hang}},
		OnInject: func(faultnet.Injection) { n.Heal() },
	})
	l, err := n.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	closing(t, l)
	require.Len(t, n.Injected(), 1)

	// Rules that are added later begin at the number that is next.
	n.Add(faultnet.Rule{Op: faultnet.Read, Do: faultnet.Hang})
	a, b := tcp(t, n)
	transfer(t, b, a, "through")
	require.Equal(t, 0, n.Count(1))
	require.Equal(t, 1, n.Count(2))
	require.Equal(t, 2, n.Injected()[1].Rule)
}

func TestAddStrikesWhatThereIs(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Read, Skip: 1, Chunk: 3})
	a, b := tcp(t, n)
	transfer(t, a, b, "x")
	n.Add(faultnet.Rule{Op: faultnet.Write, Times: 1, Err: syscall.ENOBUFS})
	_, err := a.Write([]byte("x"))
	require.ErrorIs(t, err, syscall.ENOBUFS)
	transfer(t, a, b, "y")
	require.Equal(t, 0, n.Count(0))
	require.Equal(t, 1, n.Count(1))
}

func TestDelayOfADialEndsWithItsContext(t *testing.T) {
	n := rules(faultnet.Rule{Op: faultnet.Dial, Delay: time.Hour, Err: syscall.ETIMEDOUT})
	_, err := n.DialContext(ended(t), "tcp4", "127.0.0.1:1")
	require.ErrorIs(t, err, context.Canceled)
}
