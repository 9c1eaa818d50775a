package faultnet

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// reset breaks the connection. Whoever waits on it is woken.
func (c *conn) reset(cause error) error {
	if cause == nil {
		cause = syscall.ECONNRESET
	}
	c.breaking.Do(func() {
		c.cause = cause
		close(c.broken)
		_ = abort(c.inner)
	})
	return errBroken
}

// abort closes so that a TCP peer sees a reset.
func abort(c net.Conn) error {
	if l, ok := c.(interface{ SetLinger(seconds int) error }); ok {
		_ = l.SetLinger(0)
	}
	return c.Close()
}

// passed is for errors of the connection below. They stay as they are, but once
// that was closed for a [Reset] its error is another.
func (c *conn) passed(d *direction, err error) error {
	if !isClosed(c.broken) || isClosed(c.closed) || errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	return c.failed(d, errBroken)
}

// failed is for errors of this package: it makes them look as the system's do.
func (c *conn) failed(d *direction, err error) error {
	if err == errBroken { //nolint:errorlint // is never wrapped
		switch {
		case d.told.CompareAndSwap(false, true):
			err = c.cause
		case d.op == Read:
			return io.EOF
		default:
			err = syscall.EPIPE
		}
	}
	return c.opError(d.op.String(), sysError(d.op, false, err))
}

func (c *conn) opError(op string, err error) error {
	return &net.OpError{Op: op, Net: c.network, Source: c.inner.LocalAddr(), Addr: c.inner.RemoteAddr(), Err: err}
}
