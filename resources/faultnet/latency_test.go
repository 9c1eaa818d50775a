package faultnet_test

import (
	"context"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/resources/faultnet"
)

// Time is exact in the bubbles of testing/synctest.

func TestDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := rules(
			faultnet.Rule{Op: faultnet.Write, Delay: 300 * time.Millisecond},
			faultnet.Rule{Op: faultnet.Read | faultnet.Write, Delay: 200 * time.Millisecond},
		)
		a, b := piped(t, n)
		began := time.Now()
		go func() { _, _ = io.Copy(b, b) }() // echo
		_, err := io.WriteString(a, "x")
		require.NoError(t, err)
		require.Equal(t, 500*time.Millisecond, time.Since(began))
		require.NoError(t, readOne(a))
		require.Equal(t, 700*time.Millisecond, time.Since(began))
		require.NoError(t, a.Close())
		require.NoError(t, b.Close())
	})
}

func TestDelayOfEveryOperation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		n := faultnet.New(faultnet.Config{Dialer: givenConn{a}, ListenConfig: givenListener{b},
			Rules: []faultnet.Rule{{Op: faultnet.Dial | faultnet.Listen | faultnet.Accept, Delay: time.Second}}})
		began := time.Now()
		_, err := n.DialContext(t.Context(), "tcp", "x:1")
		require.NoError(t, err)
		require.Equal(t, time.Second, time.Since(began))
		l, err := n.Listen(t.Context(), "tcp", "x:1")
		require.NoError(t, err)
		require.Equal(t, 2*time.Second, time.Since(began))
		_, err = l.Accept()
		require.NoError(t, err)
		require.Equal(t, 3*time.Second, time.Since(began))
	})
}

// Jitter differs from one operation to the next, stays within its bounds and is
// the same in every run.
func TestJitter(t *testing.T) {
	measure := func(seed uint64) (list []time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			n := faultnet.New(faultnet.Config{Seed: seed,
				Rules: []faultnet.Rule{{Op: faultnet.Read, Delay: time.Second, Jitter: time.Second}}})
			a, b := piped(t, n)
			go func() { _, _ = io.WriteString(b, digits(50)) }()
			different := map[time.Duration]bool{}
			for range 50 {
				began := time.Now()
				require.NoError(t, readOne(a))
				took := time.Since(began)
				require.GreaterOrEqual(t, took, time.Second)
				require.Less(t, took, 2*time.Second)
				list = append(list, took)
				different[took] = true
			}
			require.Greater(t, len(different), 40)
			require.Equal(t, list[49], n.Injected()[49].Delay)
			require.NoError(t, a.Close())
			require.NoError(t, b.Close())
		})
		return list
	}
	require.Equal(t, measure(1), measure(1))
	require.NotEqual(t, measure(1), measure(2))
}

// A deadline cuts a delay short, to the moment, and may be moved meanwhile.
func TestDeadlineWithinADelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := piped(t, rules(faultnet.Rule{Op: faultnet.Read, Delay: time.Minute}))
		go func() { _, _ = io.WriteString(b, "x") }()
		began := time.Now()
		require.NoError(t, a.SetReadDeadline(began.Add(20*time.Second)))
		time.AfterFunc(10*time.Second, func() { _ = a.SetReadDeadline(began.Add(30 * time.Second)) })
		require.ErrorIs(t, readOne(a), os.ErrDeadlineExceeded)
		require.Equal(t, 30*time.Second, time.Since(began))
		require.ErrorIs(t, readOne(a), os.ErrDeadlineExceeded, "it stays passed")
		require.Equal(t, 30*time.Second, time.Since(began))
		require.NoError(t, a.SetReadDeadline(time.Time{}))
		require.NoError(t, readOne(a), "nothing was lost")
		require.Equal(t, 90*time.Second, time.Since(began))
	})
}

// givenConn is a dialer of one connection.
type givenConn struct{ net.Conn }

func (g givenConn) DialContext(_ context.Context, _, _ string) (net.Conn, error) { return g.Conn, nil }

// givenListener is a listener, and a factory of it, that accepts one connection.
type givenListener struct{ net.Conn }

func (g givenListener) Listen(_ context.Context, _, _ string) (net.Listener, error) { return g, nil }
func (g givenListener) ListenPacket(_ context.Context, _, _ string) (net.PacketConn, error) {
	return nil, os.ErrInvalid
}
func (g givenListener) Accept() (net.Conn, error) { return g.Conn, nil }
func (g givenListener) Addr() net.Addr            { return g.LocalAddr() }
