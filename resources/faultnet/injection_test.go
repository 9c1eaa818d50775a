package faultnet_test

import (
	"errors"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/resources/faultnet"
)

func TestInjectionString(t *testing.T) {
	for want, i := range map[string]faultnet.Injection{
		"rule 0: accept 3 of server 1 (tcp4 127.0.0.1:80): EMFILE": {Op: faultnet.Accept, N: 3, Side: faultnet.Server, Conn: 1,
			Network: "tcp4", Address: "127.0.0.1:80", Err: syscall.EMFILE},
		"rule 1: dial 1 (unix /s): delay 1s hang": {Rule: 1, Op: faultnet.Dial, N: 1, Network: "unix", Address: "/s",
			Delay: time.Second, Do: faultnet.Hang},
		"rule 2: read 9 of client 4 (tcp x:1) after 100 bytes: chunk 1 out of paper": {Rule: 2, Op: faultnet.Read, N: 9, Side: faultnet.Client,
			Conn: 4, Network: "tcp", Address: "x:1", Offset: 100, Chunk: 1, Err: errors.New("out of paper")},
		"rule 0: read 1 of client 1 (tcp x:1): reset unknown errno": {Op: faultnet.Read, N: 1, Side: faultnet.Client, Conn: 1,
			Network: "tcp", Address: "x:1", Do: faultnet.Reset, Err: errors.New("unknown errno")},
	} {
		require.Equal(t, want, i.String())
	}
}

// The log says everything that there is to know, once for each.
func TestInjected(t *testing.T) {
	var heard []faultnet.Injection
	n := faultnet.New(faultnet.Config{
		Rules:    []faultnet.Rule{{Op: faultnet.Dial, Skip: 1, Times: 1, Err: syscall.ENOBUFS}, {Op: faultnet.Write, Conn: 2, AfterBytes: 2, Chunk: 3, Delay: time.Microsecond}},
		OnInject: func(i faultnet.Injection) { heard = append(heard, i) },
	})
	l := listening(t, rules())
	address := l.Addr().String()
	for i := range 3 {
		c, err := n.DialContext(t.Context(), "tcp4", address)
		if i == 1 {
			require.ErrorIs(t, err, syscall.ENOBUFS)
			continue
		}
		require.NoError(t, err)
		closing(t, c)
		_, err = c.Write([]byte(digits(20)))
		require.NoError(t, err)
	}
	want := []faultnet.Injection{
		{Rule: 0, Op: faultnet.Dial, Network: "tcp4", Address: address, N: 2, Err: syscall.ENOBUFS},
		{Rule: 1, Op: faultnet.Write, Side: faultnet.Client, Conn: 2, Network: "tcp4", Address: address, N: 1, Offset: 2,
			Delay: time.Microsecond, Chunk: 3},
	}
	require.Equal(t, want, n.Injected())
	require.Equal(t, want, heard)
}

// The list has an end; the counts go on.
func TestLogLimit(t *testing.T) {
	n := faultnet.New(faultnet.Config{Dialer: nowhere{syscall.EIO}, Rules: []faultnet.Rule{{Op: faultnet.Dial, Err: syscall.ENOBUFS}}})
	for range faultnet.LogLimit + 5 {
		_, err := n.DialContext(t.Context(), "tcp4", "127.0.0.1:1")
		require.ErrorIs(t, err, syscall.ENOBUFS)
	}
	require.Len(t, n.Injected(), faultnet.LogLimit)
	require.Equal(t, faultnet.LogLimit+5, n.Count(0))
	require.Zero(t, n.Count(1))
}

// Whoever comes first, the same operations of the same connections are struck.
func TestGoroutinesChangeNothing(t *testing.T) {
	const conns = 8
	transfers := func() map[faultnet.Injection]int {
		n := faultnet.New(faultnet.Config{Seed: 3, Rules: []faultnet.Rule{
			{Op: faultnet.Read | faultnet.Write, P: .2, Err: syscall.EINTR},
			{Op: faultnet.Write, Every: 7, Err: syscall.EAGAIN},
		}})
		var wait sync.WaitGroup
		for range conns {
			a, b := piped(t, n)
			echo := func() {
				for range 100 {
					buf := make([]byte, 1)
					if _, err := b.Read(buf); err != nil {
						return
					}
					if _, err := b.Write(buf); err != nil {
						return
					}
				}
			}
			wait.Go(echo)
			wait.Go(func() {
				for range 100 {
					for writeOne(a) != nil {
					}
				}
			})
			wait.Go(func() {
				for range 100 {
					for readOne(a) != nil {
					}
				}
			})
		}
		wait.Wait()
		list := map[faultnet.Injection]int{}
		for _, i := range n.Injected() {
			list[i]++
		}
		return list
	}
	first := transfers()
	require.NotEmpty(t, first)
	require.Equal(t, first, transfers())
}
