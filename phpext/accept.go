package phpext

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/resources"
)

// acceptFunction is https://www.php.net/manual/en/function.stream-socket-accept.php.
// The call's stream context, where the engine gives one, is the listener's.
func (s *Sockets) acceptFunction() Function {
	return Function{
		Prototype: "stream_socket_accept($socket, ?float $timeout = null, &$peer_name = null)",
		Call:      s.accept,
		Replaces:  true,
		Direct:    DirectAccept,
	}
}

func (s *Sockets) accept(c *Call) (Value, error) {
	if err := c.wantResource(0); err != nil {
		return Null(), err
	}
	timeout, err := acceptTimeout(c, 1)
	if err != nil {
		return Null(), err
	}
	listener, err := c.Socket(0)
	if err != nil {
		return Null(), err
	}
	if listener.Kind() == resources.KindPair {
		return acceptFailed(c, "Unknown error")
	}
	if errno := c.Errno(); errno != 0 {
		return acceptFailed(c, resources.Strerror(errno))
	}
	return s.acceptWithin(c, listener, timeout.start())
}

// acceptWithin always waits first, also on a non-blocking listener, as PHP does. A
// listener without a descriptor waits out its time.
func (s *Sockets) acceptWithin(c *Call, listener *resources.Socket, limit *limit) (Value, error) {
	return c.waitFor(listener.FD(), unix.POLLIN, limit, func(c *Call, r Ready) (Value, error) {
		switch r {
		case ReadyCancelled:
			return Null(), nil
		case ReadyTimeout:
			return acceptFailed(c, resources.Strerror(syscall.ETIMEDOUT))
		case ReadyInterrupted:
			return acceptFailed(c, resources.Strerror(syscall.EINTR))
		}
		if err := s.room(c, 1); err != nil {
			return acceptFailed(c, resources.Strerror(errnoOf(err)))
		}
		conn, peer, err := listener.Accept()
		if errors.Is(err, syscall.EAGAIN) {
			// Somebody else was faster: the time that is left still counts.
			return s.acceptWithin(c, listener, limit)
		}
		if err != nil {
			return acceptFailed(c, resources.Strerror(errnoOf(err)))
		}
		if v, ok := c.StreamContext().Option("socket", "tcp_nodelay"); ok && v.Truthy() {
			_ = conn.SetNoDelay() // refused by unix sockets, which PHP does not mind
		}
		c.SetRef(2, String(peer))
		v := s.stream(conn, NewStream{Accepted: true})
		s.observe(c, resources.Event{Kind: resources.EventAccept, Info: conn.Info()})
		return v, nil
	})
}

func acceptFailed(c *Call, text string) (Value, error) {
	c.Warn("Accept failed: %s", text)
	return Bool(false), nil
}

// errnoOf returns the errno of a failed operation of a socket.
func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return syscall.EIO
}
