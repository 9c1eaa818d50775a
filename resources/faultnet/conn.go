package faultnet

import (
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// conn is a stream with faults.
type conn struct {
	subject
	ending
	inner   net.Conn
	in, out direction
	once    sync.Once // Close

	breaking sync.Once
	cause    error       // of a Reset; set before broken is closed
	vanished atomic.Bool // by HalfOpen
}

// direction is one of the two directions of a stream.
type direction struct {
	op    Op
	limit *deadline
	gate  gate
	moved int64       // inside the gate
	ended bool        // by Truncate; inside the gate
	told  atomic.Bool // the cause of a Reset has been returned
}

func (d *direction) init(op Op) {
	d.op, d.limit, d.gate = op, newDeadline(), newGate()
}

// The connection below may be able to do more than a [net.Conn], such as closing
// one direction, and so must its wrapper be, but no other.
type (
	halfCloser interface{ CloseWrite() error }
	readCloser interface{ CloseRead() error }
	noDelayer  interface{ SetNoDelay(bool) error }

	halfConn struct{ *conn }    // CloseWrite: tls.Conn
	bothConn struct{ halfConn } // CloseRead, too: net.UnixConn
	tcpConn  struct{ bothConn } // SetNoDelay, too: net.TCPConn
)

// wrap gives a connection of the client side its faults.
func (n *Network) wrap(inner net.Conn, network, address string) net.Conn {
	return n.wrapAs(inner, Client, network, address, textOf(inner.RemoteAddr()))
}

func (n *Network) wrapAs(inner net.Conn, side Side, network, address, alias string) net.Conn {
	s := subject{faults: n, side: side, id: n.number(numbered{side: side}), tally: &tally{},
		network: network, address: address, alias: alias, datagram: forDatagrams(network)}
	if s.datagram {
		return newDatagramConn(inner, s)
	}
	c := &conn{subject: s, ending: newEnding(), inner: inner}
	c.in.init(Read)
	c.out.init(Write)
	if _, ok := inner.(halfCloser); !ok {
		return c
	}
	if _, ok := inner.(readCloser); !ok {
		return halfConn{c}
	}
	both := bothConn{halfConn{c}}
	if _, ok := inner.(noDelayer); !ok {
		return both
	}
	return tcpConn{both}
}

func (c *conn) Close() error {
	first := false
	c.once.Do(func() {
		first = true
		close(c.closed)
		c.in.limit.set(time.Time{})
		c.out.limit.set(time.Time{})
	})
	if first && isClosed(c.broken) {
		return nil // the connection below is closed already
	}
	return c.inner.Close()
}

func (c *conn) LocalAddr() net.Addr  { return c.inner.LocalAddr() }
func (c *conn) RemoteAddr() net.Addr { return c.inner.RemoteAddr() }

func (c *conn) SetDeadline(t time.Time) error {
	return c.limit(t, c.inner.SetDeadline, c.in.limit, c.out.limit)
}

func (c *conn) SetReadDeadline(t time.Time) error {
	return c.limit(t, c.inner.SetReadDeadline, c.in.limit)
}

func (c *conn) SetWriteDeadline(t time.Time) error {
	return c.limit(t, c.inner.SetWriteDeadline, c.out.limit)
}

func (c *conn) limit(t time.Time, inner func(time.Time) error, limits ...*deadline) error {
	if isClosed(c.closed) {
		return inner(t) // which says so
	}
	for _, d := range limits {
		d.set(t)
	}
	err := inner(t)
	if isClosed(c.broken) {
		return nil
	}
	return err
}

// CloseWrite is for streams that can be closed in one direction.
func (c halfConn) CloseWrite() error {
	return c.closeHalf(c.inner.(halfCloser).CloseWrite)
}

// CloseRead is for streams that can be closed in this direction, too.
func (c bothConn) CloseRead() error {
	return c.closeHalf(c.inner.(readCloser).CloseRead)
}

// SetNoDelay is for TCP.
func (c tcpConn) SetNoDelay(on bool) error { return c.inner.(noDelayer).SetNoDelay(on) }

func (c *conn) closeHalf(inner func() error) error {
	switch {
	case isClosed(c.closed):
		return inner() // which says so
	case isClosed(c.broken):
		return c.opError("close", os.NewSyscallError("shutdown", syscall.ENOTCONN))
	case c.vanished.Load():
		return nil // nobody hears of it
	}
	return inner()
}
