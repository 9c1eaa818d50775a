package secure

import (
	"crypto/tls"
	"net"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// farewell is how long the last words to a peer may take that does not listen.
const farewell = 5 * time.Second

// relayed is a session as a connection that waits by itself.
type relayed struct {
	*tls.Conn
	session *Session
	raw     *os.File
	begin   sync.Once
	skip    int // bytes that were encrypted before, and come once more
}

// Conn turns a session whose handshake is done into a connection that waits by itself and
// that any goroutine may use, as the one that [tls.Client] gives. The session must not be
// used any more, except by what this returns. The connection has a duplicate of the
// descriptor: the caller closes its own.
//
// A write that wanted to be repeated is repeated to the connection.
func (s *Session) Conn() (net.Conn, error) {
	fd, err := unix.FcntlInt(uintptr(s.wire.fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	c := &relayed{Conn: s.conn, session: s, raw: os.NewFile(uintptr(fd), "relay"), skip: s.owed}
	s.wire.relay = c.raw
	go c.flush()
	return c, nil
}

// flush sends what was queued before.
func (c *relayed) flush() {
	c.begin.Do(func() {
		w := &c.session.wire
		if w.sent < len(w.out) {
			if _, err := c.raw.Write(w.out[w.sent:]); err != nil {
				w.sendErr = err
			}
		}
		w.out = nil
	})
}

// Read gives what was decrypted before first.
func (c *relayed) Read(p []byte) (int, error) {
	s := c.session
	if len(s.ahead) > 0 {
		n := copy(p, s.ahead)
		s.ahead = s.ahead[n:]
		s.release()
		return n, nil
	}
	if s.end != nil {
		return 0, s.end
	}
	return c.Conn.Read(p)
}

func (c *relayed) Write(p []byte) (int, error) {
	c.flush()
	skipped := min(c.skip, len(p))
	c.skip -= skipped
	n, err := c.Conn.Write(p[skipped:])
	return skipped + n, err
}

// CloseWrite says goodbye, and ends the writing of the socket, too.
func (c *relayed) CloseWrite() error {
	c.flush()
	_ = c.raw.SetWriteDeadline(time.Now().Add(farewell))
	err := c.Conn.CloseWrite()
	c.shutdown(unix.SHUT_WR)
	return err
}

// Close shuts the socket down first, for others may have copies of it.
func (c *relayed) Close() error {
	_ = c.CloseWrite()
	c.shutdown(unix.SHUT_RDWR)
	return c.raw.Close()
}

func (c *relayed) shutdown(how int) {
	raw, err := c.raw.SyscallConn()
	if err == nil {
		_ = raw.Control(func(fd uintptr) { _ = unix.Shutdown(int(fd), how) })
	}
}

func (c *relayed) SetDeadline(t time.Time) error      { return c.raw.SetDeadline(t) }
func (c *relayed) SetReadDeadline(t time.Time) error  { return c.raw.SetReadDeadline(t) }
func (c *relayed) SetWriteDeadline(t time.Time) error { return c.raw.SetWriteDeadline(t) }
