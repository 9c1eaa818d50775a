package resources

import (
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// Bind makes a tcp or udp socket bound to the first of the addresses that can be
// bound. SO_REUSEADDR is set unless NoReuseAddr says otherwise, the options
// V6Only, ReusePort and, for udp, Broadcast as they say. The socket does not
// listen yet.
//
// The error is an [*Error] with Op "bind" and the errno for the last address
// that was tried or refused by Permit, or with Op "socket" where no socket could
// be made at all.
func Bind(t Transport, addrs []netip.AddrPort, o Options) (*Socket, error) {
	if len(addrs) == 0 {
		return nil, sysError("bind", "", syscall.EINVAL)
	}
	var failure, noSocket *Error
	for _, ap := range addrs {
		a, errno := inetSockaddr(ap)
		if errno != 0 {
			failure = sysError("bind", ap.String(), errno)
			continue
		}
		if refusal := o.refuses(OpListen, ap); refusal != nil {
			failure = refusal
			continue
		}
		fd, err := openSocket(t, a.family(), 0, o)
		if err != nil {
			noSocket = sysError("socket", ap.String(), err)
			continue
		}
		setServerOptions(t, fd, a.family(), o)
		if errno := sysBind(fd, &a); errno != 0 {
			_ = unix.Close(fd)
			failure = sysError("bind", ap.String(), errno)
			continue
		}
		s := boundSocket(t, fd, o)
		s.anyLocal = ap.Addr().Unmap().IsUnspecified()
		return s, nil
	}
	if failure == nil {
		failure = noSocket
	}
	return nil, failure
}

func setServerOptions(t Transport, fd int, family uint16, o Options) {
	if !o.NoReuseAddr {
		setFlag(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR)
	}
	if o.V6Only != nil && family == unix.AF_INET6 {
		value := 0
		if *o.V6Only {
			value = 1
		}
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, value)
	}
	if o.ReusePort {
		setFlag(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT)
	}
	if o.Broadcast && t == UDP {
		setFlag(fd, unix.SOL_SOCKET, unix.SO_BROADCAST)
	}
}

// BindUnix makes a unix or udg socket bound to a name as [ParseUnixPath] gives
// it. An empty name lets the kernel choose an abstract one. A file of that name
// is not removed, neither before nor after. The error is an [*Error] with Op
// "socket" or "bind".
//
// Permit is asked about the real path of the file that is to be made. Should a
// symbolic link have led elsewhere when it was made, it is removed again and
// refused with EACCES.
func BindUnix(t Transport, path string, o Options) (*Socket, error) {
	a := unixSockaddr(path)
	name := a.text()
	var file *place
	var refusal *Error
	switch {
	case o.Permit == nil:
	case isFile(name):
		var err error
		if file, err = findPlace(name); err != nil {
			return nil, failed("bind", path, err)
		}
		defer file.close()
		refusal = o.refusesName(OpListen, file.real, path)
	default:
		refusal = o.refusesName(OpListen, name, path)
	}
	if refusal != nil {
		return nil, refusal
	}
	fd, err := openSocket(t, unix.AF_UNIX, 0, o)
	if err != nil {
		return nil, sysError("socket", path, err)
	}
	if err := bindUnix(fd, &a, file); err != nil {
		_ = unix.Close(fd)
		return nil, failed("bind", path, err)
	}
	return boundSocket(t, fd, o), nil
}

// bindUnix binds to a name, and to no other place than file where it is given.
func bindUnix(fd int, a *sockaddr, file *place) error {
	if file != nil {
		return file.bind(fd, a)
	}
	if errno := sysBind(fd, a); errno != 0 {
		return errno
	}
	return nil
}

func boundSocket(t Transport, fd int, o Options) *Socket {
	s := newSocket(t, KindBound, fd, o)
	if name, errno := sysName(fd, false); errno == 0 {
		s.local = name.text()
	}
	return s
}

// Listen makes a bound socket a listener. Its descriptor does not block from
// then on: the connection that made it readable may be gone when it is
// accepted, and an accept must not wait. The error is an [*Error] with Op
// "listen"; datagram sockets give errno 95.
func (s *Socket) Listen(backlog int) error {
	if s.virtual != nil {
		return s.listenVirtual(backlog)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fd < 0 {
		return sysError("listen", s.local, syscall.EBADF)
	}
	if err := unix.Listen(s.fd, backlog); err != nil {
		return sysError("listen", s.local, err)
	}
	if err := unix.SetNonblock(s.fd, true); err != nil {
		return sysError("listen", s.local, err)
	}
	s.kind = KindListener
	return nil
}
