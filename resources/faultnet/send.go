package faultnet

import (
	"bytes"
	"net"
	"time"
)

// transmitTo is what WriteTo does.
func (d *datagrams) transmitTo(p []byte, to net.Addr) (int, error) {
	if to == nil {
		return d.packet.WriteTo(p, to) // which says so
	}
	return d.transmit(p, to)
}

// transmit sends to an address, or with nil to the connected peer.
func (d *datagrams) transmit(p []byte, to net.Addr) (int, error) {
	if err := d.check(d.writeLimit); err != nil {
		return 0, d.failed(Write, to, err)
	}
	d.mu.Lock()
	o := operation{op: Write, offset: d.taken, length: len(p), held: d.leaving.holding()}
	d.mu.Unlock()
	v := d.decide(o)
	if v.err != nil || v.do == Hang {
		err := d.obey(d.writeLimit, v)
		if err == nil {
			err = v.err
		}
		if err != nil {
			return 0, d.failed(Write, to, err)
		}
		v = verdict{} // it has hung long enough
	}
	d.mu.Lock()
	d.taken += int64(len(p))
	d.mu.Unlock()
	if v.do == Drop {
		return len(p), nil
	}
	if v.delay > 0 || v.do == Reorder {
		return d.sendLater(p, to, v)
	}
	return d.sendNow(p, to, v)
}

func (d *datagrams) sendLater(p []byte, to net.Addr, v verdict) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if isClosed(d.closed) {
		return 0, d.failed(Write, to, net.ErrClosed)
	}
	d.leaving.launch(datagram{data: bytes.Clone(p), addr: to}, v, time.Now())
	d.setTimer()
	return len(p), nil
}

// sendNow sends with the caller's deadline, and then what was held back for it.
func (d *datagrams) sendNow(p []byte, to net.Addr, v verdict) (int, error) {
	if err := wait(&d.ending, d.writeLimit, d.writing); err != nil {
		return 0, d.failed(Write, to, err)
	}
	defer d.writing.leave()
	if !d.beginDirect() {
		return 0, d.failed(Write, to, net.ErrClosed)
	}
	n, err := d.send(p, to)
	if err == nil && v.do == Duplicate {
		_, _ = d.send(p, to) // the first one has gone
	}
	d.mu.Lock()
	d.direct = false
	closed := isClosed(d.closed)
	if err == nil {
		d.leaving.release(time.Now())
	}
	d.mu.Unlock()
	d.flush()
	if err != nil && closed {
		err = d.failed(Write, to, net.ErrClosed)
	}
	return n, err
}

func (d *datagrams) beginDirect() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if isClosed(d.closed) {
		return false
	}
	d.direct = true
	_ = d.inner.SetWriteDeadline(d.writeLimit.time())
	return true
}

func (d *datagrams) send(p []byte, to net.Addr) (int, error) {
	if to == nil {
		return d.conn.Write(p)
	}
	return d.packet.WriteTo(p, to)
}

// setTimer sees to it that the next datagram leaves in time. It is called with
// mu held.
func (d *datagrams) setTimer() {
	due := d.leaving.next()
	if due.IsZero() {
		return
	}
	if d.timer == nil {
		d.timer = time.AfterFunc(time.Until(due), d.onTime)
		return
	}
	d.timer.Reset(time.Until(due))
}

func (d *datagrams) onTime() {
	<-d.writing
	defer d.writing.leave()
	d.flush()
}

// flush sends what is due. It is called inside the gate for writing. The last
// one after Close closes the socket.
func (d *datagrams) flush() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for {
		now := time.Now()
		next, ok := d.leaving.land(now)
		if !ok {
			break
		}
		d.flushing = true
		_ = d.inner.SetWriteDeadline(now.Add(delivery))
		d.mu.Unlock()
		_, _ = d.send(next.data, next.addr)
		d.mu.Lock()
	}
	d.setTimer()
	if d.flushing && isClosed(d.closed) && len(d.leaving) == 0 {
		_ = d.inner.Close()
	}
	d.flushing = false
}
