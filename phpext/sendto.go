package phpext

import (
	"errors"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/resources"
)

// sendToFunction is https://www.php.net/manual/en/function.stream-socket-sendto.php.
// A failed system call gives -1 and a warning that ends in a line feed; false is for
// addresses that cannot be read.
func (s *Sockets) sendToFunction() Function {
	return Function{
		Prototype: `stream_socket_sendto($socket, string $data, int $flags = 0, string $address = ""): int|false`,
		Call:      s.sendTo,
		Replaces:  true,
		Direct:    DirectSendTo,
	}
}

func (s *Sockets) sendTo(c *Call) (Value, error) {
	socket, err := c.Socket(0)
	if err != nil {
		return Null(), err
	}
	out := sending{socket: socket, data: []byte(c.Text(1))}
	if c.Int(2)&StreamOOB != 0 {
		out.flags = unix.MSG_OOB
	}
	if errno := c.Errno(); errno != 0 {
		return sendFailed(c, errno)
	}
	if s.tooLong(c, socket, len(out.data)) {
		return sendFailed(c, syscall.EMSGSIZE)
	}
	address := c.Text(3)
	if address == "" {
		return out.send(c)
	}
	host, port, ok := resources.ParseSendTarget(address)
	if !ok {
		return badTarget(c, address)
	}
	return s.lookup(c, host, func(c *Call, addrs []netip.Addr, err error) (Value, error) {
		if err == nil && len(addrs) > 0 {
			out.to = netip.AddrPortFrom(addrs[0], port)
			if err := s.permitSend(c, socket, out.to, address); err != nil {
				_, text := errorOf(err)
				c.Warn("%s\n", text)
				return Int(-1), nil
			}
			return out.send(c)
		}
		if err != nil {
			text, failed := lookupText(err)
			if failed {
				c.Warn("%s", text)
			}
			c.Warn("Failed to resolve `%s': %s", host, text)
		}
		return badTarget(c, address)
	})
}

// sending is data on its way.
type sending struct {
	socket *resources.Socket
	data   []byte
	flags  int
	to     netip.AddrPort
	sent   int
}

// send waits on a blocking descriptor, without a limit, until all data is taken. The
// first error counts only if nothing went before it, as with the system call.
func (s *sending) send(c *Call) (Value, error) {
	for {
		n, err := s.socket.SendTo(s.data[s.sent:], s.flags, s.to)
		s.sent += n
		if err == nil && (s.sent >= len(s.data) || n == 0 || !blocks(s.socket)) {
			return Int(int64(s.sent)), nil
		}
		if err == nil {
			continue
		}
		if !errors.Is(err, syscall.EAGAIN) || !blocks(s.socket) {
			return s.stop(c, errnoOf(err))
		}
		return c.waitFor(s.socket.FD(), unix.POLLOUT, noLimit, func(c *Call, r Ready) (Value, error) {
			switch r {
			case ReadyCancelled:
				return Null(), nil
			case ReadyInterrupted:
				return s.stop(c, syscall.EINTR)
			}
			return s.send(c)
		})
	}
}

func (s *sending) stop(c *Call, errno syscall.Errno) (Value, error) {
	if s.sent > 0 {
		return Int(int64(s.sent)), nil
	}
	return sendFailed(c, errno)
}

func sendFailed(c *Call, errno syscall.Errno) (Value, error) {
	c.Warn("%s\n", resources.Strerror(errno))
	return Int(-1), nil
}

func badTarget(c *Call, address string) (Value, error) {
	c.Warn("Failed to parse `%s' into a valid network address", cString(address))
	return Bool(false), nil
}
