package resources

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// memEnd is one end of an in-memory connection. Its descriptor is closed on exec
// as long as nobody has it.
type memEnd struct {
	fd            int
	local, remote string
}

// open makes it the script's.
func (e memEnd) open(t Transport, o Options) (*Socket, error) {
	if !o.CloseOnExec {
		if _, err := unix.FcntlInt(uintptr(e.fd), unix.F_SETFD, 0); err != nil {
			e.refuse()
			return nil, err
		}
	}
	s := newVirtual(t, KindConn, e.fd, o, &virtual{})
	s.local, s.remote = e.local, e.remote
	return s, nil
}

func (e memEnd) refuse() { _ = unix.Close(e.fd) }

// goConn makes it Go's. The error is a raw errno, and the end is closed then.
func (e memEnd) goConn() (net.Conn, error) {
	file := os.NewFile(uintptr(e.fd), e.local)
	defer func() { _ = file.Close() }()
	conn, err := net.FileConn(file)
	if err != nil {
		return nil, errnoOf(err)
	}
	return &memConn{conn: conn.(*net.UnixConn), local: memAddr(e.local), remote: memAddr(e.remote)}, nil
}

// memConn is Go's end of an in-memory connection. That it is a unix socket shows
// nowhere but in its SyscallConn.
type memConn struct {
	conn          *net.UnixConn
	local, remote memAddr
}

func (c *memConn) Read(b []byte) (int, error) {
	n, err := c.conn.Read(b)
	return n, c.named(err)
}

func (c *memConn) Write(b []byte) (int, error) {
	n, err := c.conn.Write(b)
	return n, c.named(err)
}

func (c *memConn) Close() error                       { return c.named(c.conn.Close()) }
func (c *memConn) CloseRead() error                   { return c.named(c.conn.CloseRead()) }
func (c *memConn) CloseWrite() error                  { return c.named(c.conn.CloseWrite()) }
func (c *memConn) LocalAddr() net.Addr                { return c.local }
func (c *memConn) RemoteAddr() net.Addr               { return c.remote }
func (c *memConn) SetDeadline(t time.Time) error      { return c.named(c.conn.SetDeadline(t)) }
func (c *memConn) SetReadDeadline(t time.Time) error  { return c.named(c.conn.SetReadDeadline(t)) }
func (c *memConn) SetWriteDeadline(t time.Time) error { return c.named(c.conn.SetWriteDeadline(t)) }

// SyscallConn gives the descriptor.
func (c *memConn) SyscallConn() (syscall.RawConn, error) { return c.conn.SyscallConn() }

// named puts the names of the two ends into an error.
func (c *memConn) named(err error) error {
	var failed *net.OpError
	if errors.As(err, &failed) {
		failed.Net, failed.Source, failed.Addr = string(Mem), c.local, c.remote
	}
	return err
}

// socket makes the connection a script's, for [FromConn]. The error is a raw
// errno, upon which it is as before.
func (c *memConn) socket(t Transport, o Options) (*Socket, error) {
	fd, err := descriptorOf(c.conn, o)
	if err != nil {
		return nil, errnoOf(err)
	}
	if err := unix.SetNonblock(fd, false); err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	_ = c.conn.Close()
	return memEnd{fd, string(c.local), string(c.remote)}.open(t, o)
}

// memListener is a listener of Go code.
type memListener struct {
	*acceptor
	closed atomic.Bool
}

// Accept waits for the next connection.
func (l *memListener) Accept() (net.Conn, error) {
	if l.closed.Load() {
		return nil, l.failed("accept", net.ErrClosed)
	}
	arrived, err := l.queue.next()
	if err != nil {
		return nil, l.failed("accept", net.ErrClosed)
	}
	conn, err := arrived.(memEnd).goConn()
	if err != nil {
		return nil, l.failed("accept", err)
	}
	return conn, nil
}

// Addr gives the name.
func (l *memListener) Addr() net.Addr { return l.addr }

// Close ends the listener, see [Memory].
func (l *memListener) Close() error {
	if l.closed.Swap(true) {
		return l.failed("close", net.ErrClosed)
	}
	l.release()
	return nil
}

// giveAway makes who calls it the holder of the acceptor. The error is EINVAL
// where the listener was closed.
func (l *memListener) giveAway(t Transport) (*acceptor, error) {
	if l.closed.Swap(true) {
		return nil, syscall.EINVAL
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.transport = t
	return l.acceptor, nil
}

func (l *memListener) failed(op string, err error) error {
	return &net.OpError{Op: op, Net: string(Mem), Addr: l.addr, Err: err}
}
