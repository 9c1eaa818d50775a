package phpext

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/resources"
)

// recvFromFunction is https://www.php.net/manual/en/function.stream-socket-recvfrom.php.
func (s *Sockets) recvFromFunction() Function {
	return Function{
		Prototype: "stream_socket_recvfrom($socket, int $length, int $flags = 0, &$address = null): string|false",
		Call:      s.recvFrom,
		Replaces:  true,
		Direct:    DirectRecvFrom,
	}
}

func (s *Sockets) recvFrom(c *Call) (Value, error) {
	socket, err := c.Socket(0)
	if err != nil {
		return Null(), err
	}
	c.SetRef(3, Null())
	length := c.Int(1)
	if length <= 0 {
		return Null(), ValueError(2, "must be greater than 0")
	}
	if c.Errno() != 0 {
		return Bool(false), nil
	}
	flags, events := 0, int16(unix.POLLIN)
	if c.Int(2)&StreamOOB != 0 {
		flags |= unix.MSG_OOB
		events = unix.POLLPRI
	}
	if c.Int(2)&StreamPeek != 0 {
		flags |= unix.MSG_PEEK
	}
	r := receiving{Sockets: s, socket: socket, length: length, flags: flags, events: events}
	return r.receive(c)
}

// receiving is a datagram or a piece of a stream that is awaited.
type receiving struct {
	*Sockets
	socket *resources.Socket
	length int64
	flags  int
	events int16
}

// receive waits on a blocking descriptor without a limit: the stream's timeout is not
// for this function.
func (r *receiving) receive(c *Call) (Value, error) {
	limit := r.datagramSize(r.socket)
	buf := make([]byte, min(max(r.length, int64(limit)+1), receivable(r.socket)))
	n, from, err := r.socket.RecvFrom(buf, r.flags)
	if err == nil && limit > 0 && r.tooLong(c, r.socket, n) {
		if r.flags&unix.MSG_PEEK != 0 {
			_, _, _ = r.socket.RecvFrom(nil, 0)
		}
		err = syscall.EAGAIN // as if the network had lost it
	}
	if errors.Is(err, syscall.EAGAIN) && blocks(r.socket) {
		return c.waitFor(r.socket.FD(), r.events, noLimit, func(c *Call, ready Ready) (Value, error) {
			switch ready {
			case ReadyCancelled:
				return Null(), nil
			case ReadyInterrupted:
				return Bool(false), nil
			}
			return r.receive(c)
		})
	}
	if err != nil {
		return Bool(false), nil
	}
	c.SetRef(3, String(from))
	return String(string(buf[:min(int64(n), r.length)])), nil
}

// receivable returns how much one receive can give, so that a huge $length costs no
// memory: the largest datagram of the internet families, or more where more waits (FIONREAD).
func receivable(socket *resources.Socket) int64 {
	const largest = 1 << 16
	waiting, err := unix.IoctlGetInt(socket.FD(), unix.TIOCINQ)
	if err != nil {
		return largest
	}
	return max(largest, int64(waiting))
}

// blocks reports whether the descriptor is in blocking mode; one that is not there is
// not.
func blocks(socket *resources.Socket) bool {
	flags, err := unix.FcntlInt(uintptr(socket.FD()), unix.F_GETFL, 0)
	return err == nil && flags&unix.O_NONBLOCK == 0
}
