package faultnet_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/resources/faultnet"
)

// patience bounds every wait of the tests.
const patience = 10 * time.Second

// TestMain demands that no goroutine of the package outlives the tests.
func TestMain(m *testing.M) {
	status := m.Run()
	if left := leftovers(); status == 0 && left != "" {
		fmt.Fprintln(os.Stderr, "goroutines that were left behind:\n\n"+left)
		status = 1
	}
	os.Exit(status)
}

// leftovers gives the stacks of goroutines inside the package, once they have
// had their time to end.
func leftovers() string {
	var left []string
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		stacks := make([]byte, 1<<22)
		stacks = stacks[:runtime.Stack(stacks, true)]
		left = left[:0]
		for i, stack := range strings.Split(string(stacks), "\n\n") {
			if i > 0 && strings.Contains(stack, "/resources/faultnet.") {
				left = append(left, stack)
			}
		}
		if len(left) == 0 || time.Now().After(deadline) {
			return strings.Join(left, "\n\n")
		}
	}
}

// rules makes a network over package net's.
func rules(rules ...faultnet.Rule) *faultnet.Network {
	return faultnet.New(faultnet.Config{Rules: rules})
}

func closing(t testing.TB, closers ...io.Closer) {
	t.Helper()
	for _, c := range closers {
		t.Cleanup(func() { _ = c.Close() })
	}
}

// limited gives the connection a deadline so that no test hangs.
func limited[C interface{ SetDeadline(time.Time) error }](t testing.TB, c C) C {
	t.Helper()
	require.NoError(t, c.SetDeadline(time.Now().Add(patience)))
	return c
}

// tcp gives both ends of a tcp connection, the first one with faults.
func tcp(t testing.TB, n *faultnet.Network) (faulty, plain net.Conn) {
	t.Helper()
	return connection(t, n, "tcp4", "127.0.0.1:0")
}

func connection(t testing.TB, n *faultnet.Network, network, address string) (faulty, plain net.Conn) {
	t.Helper()
	l, err := net.Listen(network, address)
	require.NoError(t, err)
	closing(t, l)
	faulty, err = n.DialContext(t.Context(), network, l.Addr().String())
	require.NoError(t, err)
	plain, err = l.Accept()
	require.NoError(t, err)
	closing(t, faulty, plain)
	return limited(t, faulty), limited(t, plain)
}

// piped gives both ends of a net.Pipe, the first one with faults.
func piped(t testing.TB, n *faultnet.Network) (faulty, plain net.Conn) {
	t.Helper()
	a, b := net.Pipe()
	faulty = n.Conn(a)
	closing(t, faulty, b)
	return faulty, b
}

// udp gives a packet socket with faults, and one without.
func udp(t testing.TB, n *faultnet.Network) (faulty, plain net.PacketConn) {
	t.Helper()
	faulty, err := n.ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
	require.NoError(t, err)
	plain, err = net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	closing(t, faulty, plain)
	return limited(t, faulty), limited(t, plain)
}

// receive reads so many datagrams.
func receive(t testing.TB, from net.PacketConn, n int) []string {
	t.Helper()
	var got []string
	for range n {
		buf := make([]byte, 100)
		n, _, err := from.ReadFrom(buf)
		require.NoError(t, err, "after %q", got)
		got = append(got, string(buf[:n]))
	}
	return got
}

// send sends each as a datagram.
func send(t testing.TB, from net.PacketConn, to net.Addr, data ...string) {
	t.Helper()
	for _, s := range data {
		n, err := from.WriteTo([]byte(s), to)
		require.NoError(t, err)
		require.Equal(t, len(s), n)
	}
}

// count gives "0123456789" and so on, n bytes.
func digits(n int) string { return strings.Repeat("0123456789", n/10+1)[:n] }

// ended is a context that has ended.
func ended(t testing.TB) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
