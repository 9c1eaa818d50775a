package resources

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// FromConn makes a script's socket of conn, which is taken over: nothing else
// may use it any more, also not to close it, unless there is an error.
//
// A *[net.TCPConn], *[net.UDPConn] or *[net.UnixConn] gives its descriptor away
// and becomes a socket of the kernel as any other, and so does a connection of
// a [Memory]. Any other connection, one that embeds such a type included,
// becomes a virtual socket: goroutines carry what is read and written between
// it and the descriptor that the script gets. They close conn after the script
// and everybody who has inherited the descriptor have closed it and what they
// wrote has been passed on, for which a connection that takes nothing is given
// some seconds.
//
// With [UDP] and [Udg] each Read and Write of conn is one datagram. For other
// transports conn is a stream; end of file and an end of writing are passed on
// both ways, the latter if conn has a CloseWrite method. Out-of-band data is not
// passed on.
//
// Of the options those for a connected socket apply as far as conn knows them.
// The error is an [*Error] with Op "socket".
func FromConn(conn net.Conn, t Transport, o Options) (*Socket, error) {
	s, err := fromConn(conn, t, o)
	if err != nil {
		return nil, sysError("socket", nameOf(conn.RemoteAddr()), err)
	}
	return s, nil
}

func fromConn(conn net.Conn, t Transport, o Options) (*Socket, error) {
	switch c := conn.(type) {
	case *memConn:
		return c.socket(t, o)
	case *net.TCPConn, *net.UDPConn, *net.UnixConn:
		return takeConn(c, c.(syscall.Conn), t, o)
	}
	return pumped(conn, t, KindConn, o, &virtual{})
}

// takeConn takes the descriptor of a connection that is the kernel's alone.
func takeConn(conn net.Conn, c syscall.Conn, t Transport, o Options) (*Socket, error) {
	fd, err := takeDescriptor(c, o)
	if err != nil {
		return nil, err
	}
	_ = conn.Close()
	o.apply(t, fd)
	if t == TCP && o.NoDelay {
		setFlag(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY)
	}
	s := boundSocket(t, fd, o)
	if name, errno := sysName(fd, true); errno == 0 {
		s.kind, s.remote = KindConn, name.text()
	}
	return s, nil
}

// takeDescriptor duplicates a descriptor of package net for a script: it
// blocks. The original is to be closed.
func takeDescriptor(c syscall.Conn, o Options) (int, error) {
	fd, err := descriptorOf(c, o)
	if err != nil {
		return -1, errnoOf(err)
	}
	if err := unix.SetNonblock(fd, false); err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// pumped makes a virtual socket over conn.
func pumped(conn net.Conn, t Transport, k Kind, o Options, v *virtual) (*Socket, error) {
	p, err := newPump(t, k, o, v)
	if err != nil {
		return nil, err
	}
	if v.framed {
		p.overhead = frameSize
	}
	if o.NoDelay {
		defer func() { _ = p.setNoDelay() }()
	}
	p.start(conn)
	return p.socket, nil
}

// FromPacketConn makes a script's datagram socket of conn, which is taken over
// as by [FromConn]. A *[net.UDPConn] or *[net.UnixConn] becomes a socket of the
// kernel, any other a virtual socket that is framed, see [Socket.Framed].
// Datagrams are sent to addresses of the type *[net.UDPAddr]; those that conn
// does not take are lost.
//
// The error is an [*Error] with Op "socket".
func FromPacketConn(conn net.PacketConn, t Transport, o Options) (*Socket, error) {
	s, err := fromPacketConn(conn, t, o)
	if err != nil {
		return nil, sysError("socket", nameOf(conn.LocalAddr()), err)
	}
	return s, nil
}

func fromPacketConn(conn net.PacketConn, t Transport, o Options) (*Socket, error) {
	switch c := conn.(type) {
	case *net.UDPConn:
		return takeConn(c, c, t, o)
	case *net.UnixConn:
		return takeConn(c, c, t, o)
	}
	return pumped(newFramedConn(conn), t, KindBound, o, &virtual{framed: true})
}
