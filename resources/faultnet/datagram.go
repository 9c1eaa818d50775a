package faultnet

import (
	"bytes"
	"errors"
	"net"
	"os"
	"slices"
	"sync"
	"time"
)

// largestDatagram is what no datagram of IP is longer than. Those of the unix
// domain can be; the rest of them is lost.
const largestDatagram = 1 << 16

// delivery is how long a datagram that was delayed may wait for room in its
// receiver's queue, as nobody is there any more to be told of a failure. It is
// also how long the socket below may stay open after Close.
const delivery = time.Second

// datagrams is a socket for datagrams with faults.
type datagrams struct {
	subject
	ending
	inner  socket
	conn   net.Conn       // inner as a connection, or nil
	packet net.PacketConn // inner as a packet socket, or nil

	readLimit, writeLimit *deadline
	reading               gate   // for buffer, and for waiting on inner
	buffer                []byte // made at the first read
	writing               gate   // for sending on inner

	mu              sync.Mutex
	arriving        flight
	leaving         flight
	timer           *time.Timer // for the next one of leaving
	direct          bool        // a Write is sending, with its own deadline
	flushing        bool        // leaving is being worked off
	received, taken int64       // bytes so far
}

// socket is what connections and packet sockets have in common.
type socket interface {
	LocalAddr() net.Addr
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
	Close() error
}

// A socket for datagrams may be a connection, a packet socket or, as package
// net's dialled ones, both.
type (
	packetConn   struct{ *datagrams }
	datagramConn struct{ *datagrams }
	datagramBoth struct{ datagramConn }
)

func newDatagramConn(inner net.Conn, s subject) net.Conn {
	d := newDatagrams(inner, s)
	d.conn = inner
	d.packet, _ = inner.(net.PacketConn)
	if d.packet == nil {
		return datagramConn{d}
	}
	return datagramBoth{datagramConn{d}}
}

func (n *Network) wrapPacketConn(inner net.PacketConn, network, address string) net.PacketConn {
	d := newDatagrams(inner, subject{faults: n, side: Server, id: n.number(numbered{side: Server}), tally: &tally{},
		network: network, address: address, alias: textOf(inner.LocalAddr()), datagram: true})
	d.packet = inner
	return packetConn{d}
}

func newDatagrams(inner socket, s subject) *datagrams {
	return &datagrams{subject: s, ending: newEnding(), inner: inner, readLimit: newDeadline(), writeLimit: newDeadline(),
		reading: newGate(), writing: newGate()}
}

func (p packetConn) ReadFrom(b []byte) (int, net.Addr, error)     { return p.receive(b) }
func (p packetConn) WriteTo(b []byte, to net.Addr) (int, error)   { return p.transmitTo(b, to) }
func (c datagramConn) RemoteAddr() net.Addr                       { return c.conn.RemoteAddr() }
func (c datagramConn) Write(b []byte) (int, error)                { return c.transmit(b, nil) }
func (c datagramBoth) ReadFrom(b []byte) (int, net.Addr, error)   { return c.receive(b) }
func (c datagramBoth) WriteTo(b []byte, to net.Addr) (int, error) { return c.transmitTo(b, to) }

func (c datagramConn) Read(b []byte) (int, error) {
	n, _, err := c.receive(b)
	return n, err
}

// failed makes an error of this package look as the system's do.
func (d *datagrams) failed(op Op, to net.Addr, err error) error {
	e := &net.OpError{Op: op.String(), Net: d.network, Source: d.inner.LocalAddr(), Addr: to, Err: sysError(op, true, err)}
	if d.conn != nil {
		e.Addr = d.conn.RemoteAddr()
	}
	return e
}

// receive is what Read and ReadFrom do.
func (d *datagrams) receive(p []byte) (int, net.Addr, error) {
	got, err := d.arrival()
	if err != nil {
		return 0, nil, err
	}
	return copy(p, got.data), got.addr, nil
}

func (d *datagrams) arrival() (got datagram, err error) {
	if err := wait(&d.ending, d.readLimit, d.reading); err != nil {
		return got, d.failed(Read, nil, err)
	}
	defer d.reading.leave()
	v := d.decide(operation{op: Read, stage: callStage, offset: d.receivedBytes()})
	err = d.obey(d.readLimit, v)
	if err == nil {
		err = v.err
	}
	for err == nil {
		if got, ok := d.landed(); ok {
			return got, nil
		}
		if err := d.await(); err != nil {
			return got, err
		}
		err = d.check(d.readLimit)
	}
	return got, d.failed(Read, nil, err)
}

func (d *datagrams) receivedBytes() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.received
}

func (d *datagrams) landed() (datagram, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.arriving.land(time.Now())
}

// await waits until a datagram has come in and sends it through the rules, or
// until one that did so before is due.
func (d *datagrams) await() error {
	if d.buffer == nil {
		d.buffer = make([]byte, largestDatagram)
	}
	d.mu.Lock()
	d.limitRead()
	d.mu.Unlock()
	var n int
	var from net.Addr
	var err error
	if d.packet != nil {
		n, from, err = d.packet.ReadFrom(d.buffer)
	} else {
		n, err = d.conn.Read(d.buffer)
	}
	if err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) && d.limited() {
			return nil // whose deadline it was will be seen
		}
		return err
	}
	v := d.decide(d.arrived(n))
	d.mu.Lock()
	defer d.mu.Unlock()
	d.arriving.launch(datagram{data: bytes.Clone(d.buffer[:n]), addr: from}, v, time.Now())
	return nil
}

func (d *datagrams) arrived(n int) operation {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := operation{op: Read, stage: flightStage, offset: d.received, length: n, held: d.arriving.holding()}
	d.received += int64(n)
	return o
}

// limited tells whether limitRead has set a deadline.
func (d *datagrams) limited() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return isClosed(d.closed) || !d.readLimit.time().IsZero() || len(d.arriving) > 0
}

// limitRead has reads from below end when something else is to be done. It is
// called with mu held.
func (d *datagrams) limitRead() {
	limit := d.readLimit.time()
	if due := d.arriving.next(); !due.IsZero() && (limit.IsZero() || due.Before(limit)) {
		limit = due
	}
	if isClosed(d.closed) {
		limit = longAgo
	}
	_ = d.inner.SetReadDeadline(limit)
}

// longAgo is a deadline that ends what is under way.
var longAgo = time.Unix(1, 0)

func (d *datagrams) LocalAddr() net.Addr { return d.inner.LocalAddr() }

func (d *datagrams) SetDeadline(t time.Time) error {
	if err := d.SetReadDeadline(t); err != nil {
		return err
	}
	return d.SetWriteDeadline(t)
}

func (d *datagrams) SetReadDeadline(t time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if isClosed(d.closed) {
		return d.opError("set", net.ErrClosed)
	}
	d.readLimit.set(t)
	d.limitRead()
	return nil
}

func (d *datagrams) SetWriteDeadline(t time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if isClosed(d.closed) {
		return d.opError("set", net.ErrClosed)
	}
	d.writeLimit.set(t)
	if d.direct {
		return d.inner.SetWriteDeadline(t)
	}
	return nil
}

func (d *datagrams) opError(op string, err error) error {
	return &net.OpError{Op: op, Net: d.network, Addr: d.inner.LocalAddr(), Err: err}
}

// Close ends all calls. What was sent and arrives within a second does so all
// the same: the socket below is closed after that.
func (d *datagrams) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if isClosed(d.closed) {
		return d.opError("close", net.ErrClosed)
	}
	d.readLimit.set(time.Time{})
	d.writeLimit.set(time.Time{})
	close(d.closed)
	d.limitRead()
	if d.direct {
		_ = d.inner.SetWriteDeadline(longAgo)
	}
	d.arriving = nil
	now := time.Now()
	d.leaving.release(now)
	d.leaving = slices.DeleteFunc(d.leaving, func(g datagram) bool { return g.due.After(now.Add(delivery)) })
	if len(d.leaving) > 0 || d.flushing {
		d.setTimer()
		return nil
	}
	return d.inner.Close()
}
