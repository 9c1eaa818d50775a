package faultnet

import (
	"net"
	"os"
	"time"
)

// ending is what ends every wait of a listener or connection.
type ending struct {
	closed chan struct{} // by Close
	broken chan struct{} // by Reset; never with sockets for datagrams
}

func newEnding() ending {
	return ending{closed: make(chan struct{}), broken: make(chan struct{})}
}

// check tells what has ended: [net.ErrClosed], [os.ErrDeadlineExceeded],
// errBroken or nil.
func (e *ending) check(d *deadline) error {
	switch {
	case isClosed(e.closed):
		return net.ErrClosed
	case isClosed(d.done()):
		return os.ErrDeadlineExceeded
	case isClosed(e.broken):
		return errBroken
	}
	return nil
}

// wait waits until ready gives something; nil never does. The errors are those
// of check, which go before.
func wait[T any](e *ending, d *deadline, ready <-chan T) error {
	if err := e.check(d); err != nil {
		return err
	}
	select {
	case <-ready:
		return nil
	case <-e.closed:
		return net.ErrClosed
	case <-d.done():
		return os.ErrDeadlineExceeded
	case <-e.broken:
		return errBroken
	}
}

// obey waits for what the verdict says of delay and hanging.
func (e *ending) obey(d *deadline, v verdict) error {
	if v.delay > 0 {
		timer := time.NewTimer(v.delay)
		defer timer.Stop()
		if err := wait(e, d, timer.C); err != nil {
			return err
		}
	}
	if v.do == Hang {
		return wait(e, d, v.healed)
	}
	return nil
}

// gate lets one in at a time, and unlike a mutex can be waited for together with
// other things: receive to enter, send to leave.
type gate chan struct{}

func newGate() gate {
	g := make(gate, 1)
	g.leave()
	return g
}

func (g gate) leave() { g <- struct{}{} }
