package faultnet_test

import (
	"net"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/net/nettest"

	"github.com/phpsock/phpsock/resources/faultnet"
)

// Connections with harmless faults still are what package net promises.
func TestConn(t *testing.T) {
	const both = faultnet.Read | faultnet.Write
	faults := map[string][]faultnet.Rule{
		"none":          nil,
		"latency":       {{Op: both, Every: 4, Delay: 10 * time.Microsecond, Jitter: 50 * time.Microsecond}, {Op: both, P: .01, Delay: time.Millisecond}},
		"one byte":      {{Op: faultnet.Read, P: .3, Chunk: 1}, {Op: faultnet.Write, P: .01, Chunk: 100}},
		"odd pieces":    {{Op: both, Chunk: 1021}},
		"pieces, later": {{Op: both, AfterBytes: 1000, Chunk: 4099}, {Op: both, Every: 20, Delay: 100 * time.Microsecond}},
	}
	below := map[string]func(t *testing.T) (client, server net.Conn){
		"pipe": func(*testing.T) (net.Conn, net.Conn) { return net.Pipe() },
		"tcp": func(t *testing.T) (net.Conn, net.Conn) {
			return connection(t, rules(), "tcp4", "127.0.0.1:0")
		},
		"unix": func(t *testing.T) (net.Conn, net.Conn) {
			return connection(t, rules(), "unix", filepath.Join(t.TempDir(), "s"))
		},
	}
	for name, list := range faults {
		for kind, connect := range below {
			if kind == "pipe" && name == "one byte" {
				continue // nothing in between keeps the rest while the echo writes: both would write
			}
			t.Run(name+" over "+kind, func(t *testing.T) {
				t.Parallel()
				nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
					n := faultnet.New(faultnet.Config{Rules: list, Seed: 1})
					c1, c2 = connect(t)
					c1, c2 = n.Conn(c1), n.Conn(c2)
					// The helpers' own deadlines would disturb.
					_ = c1.SetDeadline(time.Time{})
					_ = c2.SetDeadline(time.Time{})
					return c1, c2, func() { _ = c1.Close(); _ = c2.Close() }, nil
				})
			})
		}
	}
}
