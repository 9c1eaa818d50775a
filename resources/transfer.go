package resources

import (
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// Accept takes one connection off the listener's queue and gives it with its
// peer's name, "" for a unix peer without one. The new descriptor blocks,
// whatever the listener does, and is closed on exec if the listener is. The
// error is a raw [syscall.Errno]: EAGAIN where no connection waits, EINVAL on a
// socket that does not listen, EBADF without a descriptor.
func (s *Socket) Accept() (*Socket, string, error) {
	accept := s.acceptKernel
	if s.virtual != nil {
		accept = s.acceptVirtual
	}
	conn, peer, err := accept()
	if err == nil {
		conn.accepted = true
	}
	return conn, peer, err
}

func (s *Socket) acceptKernel() (*Socket, string, error) {
	var conn *Socket
	err := s.do(func(listener int) syscall.Errno {
		flags := 0
		if s.closeOnExec {
			flags = unix.SOCK_CLOEXEC
		}
		fd, peer, errno := sysAccept(listener, flags)
		if errno != 0 {
			return errno
		}
		conn = newSocket(s.transport, KindConn, fd, Options{CloseOnExec: s.closeOnExec})
		conn.local, conn.remote = s.local, peer.text()
		if s.anyLocal {
			if name, errno := sysName(fd, false); errno == 0 {
				conn.local = name.text()
			}
		}
		return 0
	})
	if err != nil {
		return nil, "", err
	}
	return conn, conn.remote, nil
}

// RecvFrom receives into buf without waiting; of the flags MSG_PEEK and MSG_OOB
// make sense. What a datagram has beyond buf is lost. From is the sender of a
// datagram in the form of [Socket.Name], "" for streams and unix senders
// without a name. n is 0 without an error when the peer has closed and for an
// empty datagram. The error is a raw [syscall.Errno], EAGAIN where nothing has
// arrived.
func (s *Socket) RecvFrom(buf []byte, flags int) (n int, from string, err error) {
	flags |= unix.MSG_DONTWAIT
	err = s.do(func(fd int) (errno syscall.Errno) {
		if s.virtual != nil {
			n, from, errno = s.recvVirtual(fd, buf, flags)
			return errno
		}
		received, sender, errno := sysRecvFrom(fd, buf, flags)
		if errno == 0 {
			n, from = received, sender.text()
		}
		return errno
	})
	if flags&unix.MSG_PEEK == 0 {
		s.received.Add(uint64(n))
	}
	return n, from, err
}

// SendTo sends data without waiting, to the connected peer where to is the zero
// value; empty data is sent as an empty datagram. A stream may take less than
// all. The error is a raw [syscall.Errno], EAGAIN where nothing can be taken
// now, EPIPE without a signal where the peer is gone.
func (s *Socket) SendTo(data []byte, flags int, to netip.AddrPort) (int, error) {
	flags |= unix.MSG_DONTWAIT | unix.MSG_NOSIGNAL
	var target sockaddr
	if to.IsValid() && s.virtual == nil {
		var errno syscall.Errno
		if target, errno = inetSockaddr(to); errno != 0 {
			return 0, errno
		}
	}
	sent := 0
	err := s.do(func(fd int) syscall.Errno {
		n, errno := 0, syscall.Errno(0)
		if s.virtual != nil {
			n, errno = s.sendVirtual(fd, data, flags, to)
		} else {
			n, errno = sysSendTo(fd, data, flags, &target)
		}
		if errno == 0 {
			sent = n
		}
		return errno
	})
	s.sent.Add(uint64(sent))
	return sent, err
}

// Shutdown ends one direction or both: how is SHUT_RD, SHUT_WR or SHUT_RDWR. A
// listener whose reading ends is one no more, for everybody who has it: nobody
// can connect, and Accept fails with EINVAL. The error is a raw [syscall.Errno].
func (s *Socket) Shutdown(how int) error {
	if v := s.virtual; v != nil && s.FD() >= 0 && !s.hasPeer() {
		switch {
		case v.shutdown == nil:
			return syscall.ENOTCONN
		case how == unix.SHUT_WR:
			return nil // nothing is written to a listener
		}
		return v.shutdown()
	}
	return s.do(func(fd int) syscall.Errno {
		if err := unix.Shutdown(fd, how); err != nil {
			return errnoOf(err)
		}
		return 0
	})
}

// Name asks the kernel for the name of this end or the remote one:
// "127.0.0.1:80", "[::1]:80" without a zone, a path, an abstract name as raw
// bytes from its leading NUL on, "" for a unix socket without a name.
// stream_socket_get_name gives false for the last two, and where Name fails.
// The error is a raw [syscall.Errno], ENOTCONN where there is no other end.
func (s *Socket) Name(remote bool) (string, error) {
	if s.virtual != nil {
		return s.nameVirtual(remote)
	}
	var name sockaddr
	err := s.do(func(fd int) (errno syscall.Errno) {
		name, errno = sysName(fd, remote)
		return errno
	})
	if err != nil {
		return "", err
	}
	return name.text(), nil
}

// SetNoDelay switches TCP_NODELAY on. The error is a raw [syscall.Errno];
// sockets that are not tcp give one.
func (s *Socket) SetNoDelay() error {
	if s.virtual != nil && s.virtual.noDelay != nil {
		return s.virtual.noDelay()
	}
	return s.do(func(fd int) syscall.Errno {
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
			return errnoOf(err)
		}
		return 0
	})
}
