package resources

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// NetConn gives a connection of Go's over a duplicate of the descriptor. Both are
// to be closed, and until then both read from and write to the same connection.
//
// Of a socket of the kernel it is a *[net.TCPConn], *[net.UDPConn] or
// *[net.UnixConn] with the options that the socket has. Go keeps such a
// connection non-blocking, and duplicates share that: the descriptor of s does
// not block from then on. Of a virtual socket it is another type, which has the
// socket's names and CloseRead and CloseWrite, and s stays as it is.
//
// The error is a raw [syscall.Errno]: ENOTCONN where the socket is not connected,
// EBADF where it was closed.
func (s *Socket) NetConn() (net.Conn, error) {
	fd, err := s.duplicate()
	if err != nil {
		return nil, err
	}
	if s.virtual == nil {
		return fileConn(fd)
	}
	if !s.hasPeer() {
		_ = unix.Close(fd)
		return nil, syscall.ENOTCONN
	}
	end, err := newEndpoint(fd, isDatagram(s.transport))
	if err != nil {
		return nil, errnoOf(err)
	}
	end.local, end.remote = s.netAddr(s.Local()), s.netAddr(s.Remote())
	return end, nil
}

// File gives a duplicate of the descriptor, which shares all that the socket
// has, such as whether it blocks. The error is EBADF where the socket was
// closed, EOPNOTSUPP where it is virtual: its descriptor only stands in for it.
func (s *Socket) File() (*os.File, error) {
	if s.virtual != nil {
		return nil, fmt.Errorf("resources: file of a virtual socket: %w", syscall.EOPNOTSUPP)
	}
	fd, err := s.duplicate()
	if err != nil {
		return nil, fmt.Errorf("resources: file of a socket: %w", err)
	}
	return os.NewFile(uintptr(fd), string(s.transport)+"://"+s.local), nil
}

// duplicate gives a copy of the descriptor that child processes do not get. The
// error is a raw errno.
func (s *Socket) duplicate() (int, error) {
	copied := -1
	err := s.do(func(fd int) syscall.Errno {
		var err error
		if copied, err = duplicate(fd, Options{CloseOnExec: true}); err != nil {
			return errnoOf(err)
		}
		return 0
	})
	return copied, err
}

// fileConn takes fd over. Package net sets options of its own on what it makes
// of a tcp descriptor; they are put back. The error is a raw errno.
func fileConn(fd int) (net.Conn, error) {
	defer func() { _ = unix.Close(fd) }()
	if _, errno := sysName(fd, true); errno != 0 {
		return nil, errno
	}
	options := optionsOf(fd)
	conn, err := fileConnOf(fd)
	if err != nil {
		return nil, errnoOf(err)
	}
	options.restore(fd)
	return conn, nil
}

// fileConnOf makes it of a duplicate, which is closed by that.
func fileConnOf(fd int) (net.Conn, error) {
	copied, err := duplicate(fd, Options{CloseOnExec: true})
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(copied), "socket")
	defer func() { _ = file.Close() }()
	return net.FileConn(file)
}

// tcpOptions are those that package net sets unasked, and their values.
type tcpOptions [5]struct {
	level, option, value int
	known                bool
}

func optionsOf(fd int) (o tcpOptions) {
	o[0].level, o[0].option = unix.IPPROTO_TCP, unix.TCP_NODELAY
	o[1].level, o[1].option = unix.IPPROTO_TCP, unix.TCP_KEEPIDLE
	o[2].level, o[2].option = unix.IPPROTO_TCP, unix.TCP_KEEPINTVL
	o[3].level, o[3].option = unix.IPPROTO_TCP, unix.TCP_KEEPCNT
	o[4].level, o[4].option = unix.SOL_SOCKET, unix.SO_KEEPALIVE
	for i := range o {
		value, err := unix.GetsockoptInt(fd, o[i].level, o[i].option)
		o[i].value, o[i].known = value, err == nil
	}
	return o
}

func (o *tcpOptions) restore(fd int) {
	for _, option := range o {
		if option.known {
			_ = unix.SetsockoptInt(fd, option.level, option.option, option.value)
		}
	}
}

// netAddr gives a name in the form of [Socket.Name] as package net has it.
func (s *Socket) netAddr(name string) net.Addr {
	switch s.transport {
	case TCP, UDP:
		ap, err := netip.ParseAddrPort(name)
		if err != nil {
			break
		}
		if s.transport == UDP {
			return net.UDPAddrFromAddrPort(ap)
		}
		return net.TCPAddrFromAddrPort(ap)
	case Unix, Udg:
		network := "unix"
		if s.transport == Udg {
			network = "unixgram"
		}
		return &net.UnixAddr{Name: goName(name), Net: network}
	case Mem:
		return memAddr(name)
	}
	return otherAddr{string(s.transport), name}
}

// otherAddr is a name without a type in package net.
type otherAddr struct{ network, name string }

func (a otherAddr) Network() string { return a.network }
func (a otherAddr) String() string  { return a.name }

// goName writes the name of a unix socket as package net does: with "@" for the
// NUL of an abstract one.
func goName(name string) string {
	if name != "" && name[0] == 0 {
		return "@" + name[1:]
	}
	return name
}
