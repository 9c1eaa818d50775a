package resources

import (
	"context"
	"net/netip"
	"sync/atomic"
	"syscall"
)

// virtual is what makes a [Socket] one that the kernel knows nothing of: a
// connection, a listener or a datagram socket of the Go program. There is a
// descriptor all the same, so that a script's select, its blocking reads, its
// timeouts, its forks and its child processes work on it as on any other and
// in C: one end of a socket pair whose other end a pump serves, or an eventfd
// that is readable once for each connection that waits.
//
// The functions may be called from any goroutine and with locks of a [Socket]
// or a [Table] held, so none of them waits or calls back into either. Every one
// may be nil.
type virtual struct {
	// local and remote give the names of the two ends in the form of
	// [Socket.Name]. nil: the name recorded in the Socket.
	local, remote func() string
	// connected tells whether there is another end by now: a dial that is
	// under way has none, and asking for its name gives ENOTCONN. nil: yes for
	// a connection.
	connected func() bool
	// accept takes one connection off a listener's queue; the error is a raw
	// errno, EAGAIN where none waits. The peer's name is the Remote of the
	// Socket. nil: not a listener.
	accept func() (*Socket, error)
	// shared is the listener that others may have sockets of, too. nil: nobody.
	shared *acceptor
	// listen is told the length of the queue by [Socket.Listen]. The error is
	// a raw errno. nil: nothing needs to be done.
	listen func(backlog int) error
	// shutdown ends the reading of a listener, which is the end of it. The
	// error is a raw errno. nil: not a listener.
	shutdown func() error
	// noDelay switches TCP_NODELAY on where the other side has such a thing.
	noDelay func() error
	// framed: each datagram on the descriptor carries its peer's name, see
	// packet.go.
	framed bool
	// onClose is called once, when the Socket has given up its descriptor: it
	// was closed, or taken out of its table by an engine that closes it. The
	// descriptor is the Socket's alone: who signals on it needs a duplicate,
	// because its number may have been given out anew by then. A pair needs no
	// onClose, its other end sees the hang-up, which also waits for the copies
	// that child processes hold.
	onClose func()
	// pump is what serves the other end, looking at rates as it goes. nil: none.
	pump *pump
	// rates are set by [Throttle]; nil: none.
	rates atomic.Pointer[Rates]
}

// newVirtual makes a socket of a descriptor that is only a stand-in. The
// descriptor belongs to the Socket from then on; v must not be changed any
// more.
func newVirtual(t Transport, k Kind, fd int, o Options, v *virtual) *Socket {
	s := newSocket(t, k, fd, o)
	s.virtual = v
	return s
}

// admit waits until a listener may hand one more connection to its script: for
// the one who fills the queue, before each push. It returns at once where
// nothing limits the rate. The error is the context's.
func (v *virtual) admit(ctx context.Context) error {
	return v.rates.Load().waitAccept(ctx)
}

// Virtual tells whether the socket lives in the Go program and not in the
// kernel. Its descriptor can be read, written, shut down and waited for as any
// other, but it does not know names or connections to be accepted: these are
// asked of the Socket.
func (s *Socket) Virtual() bool { return s.virtual != nil }

// Framed tells whether each datagram on the descriptor begins with the name of
// its peer. Only [Socket.RecvFrom] and [Socket.SendTo] are to be used on such a
// descriptor.
func (s *Socket) Framed() bool { return s.virtual != nil && s.virtual.framed }

// OtherEnd gives the descriptor with which Go serves a virtual socket, and the
// kernel's cookie of it (SO_COOKIE), which tells whether the number still means
// the same; 0 is none. A process that is forked from this one has a copy. Unless
// it closes that, it does not see the end of the connection when this process
// is gone.
func (s *Socket) OtherEnd() (fd int, cookie uint64) {
	if s.virtual == nil || s.virtual.pump == nil {
		return -1, 0
	}
	return s.virtual.pump.own, s.virtual.pump.ownCookie
}

// acceptVirtual is [Socket.Accept] of a virtual socket.
func (s *Socket) acceptVirtual() (*Socket, string, error) {
	v := s.virtual
	if s.FD() < 0 {
		return nil, "", syscall.EBADF
	}
	if v.accept == nil {
		if isDatagram(s.transport) {
			return nil, "", syscall.EOPNOTSUPP
		}
		return nil, "", syscall.EINVAL
	}
	conn, err := v.accept()
	if err != nil {
		return nil, "", err
	}
	throttled, err := Throttle(conn, v.rates.Load())
	if err != nil {
		return nil, "", errnoOf(err)
	}
	return throttled, throttled.Remote(), nil
}

// listenVirtual is [Socket.Listen] of a virtual socket.
func (s *Socket) listenVirtual(backlog int) error {
	err := error(syscall.EOPNOTSUPP)
	switch {
	case s.FD() < 0:
		err = syscall.EBADF
	case s.virtual.listen != nil:
		err = s.virtual.listen(backlog)
	case s.virtual.accept != nil:
		err = nil
	}
	if err != nil {
		return sysError("listen", s.Local(), err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kind = KindListener
	return nil
}

// nameVirtual is [Socket.Name] of a virtual socket.
func (s *Socket) nameVirtual(remote bool) (string, error) {
	switch {
	case s.FD() < 0:
		return "", syscall.EBADF
	case !remote:
		return s.Local(), nil
	case !s.hasPeer():
		return "", syscall.ENOTCONN
	}
	return s.Remote(), nil
}

// hasPeer tells whether a virtual socket is connected.
func (s *Socket) hasPeer() bool {
	v := s.virtual
	return v.accept == nil && !v.framed && s.Kind() == KindConn && (v.connected == nil || v.connected())
}

// recvVirtual is the system call of [Socket.RecvFrom] for a virtual socket.
func (s *Socket) recvVirtual(fd int, buf []byte, flags int) (n int, from string, errno syscall.Errno) {
	switch {
	case s.virtual.accept != nil:
		return 0, "", syscall.ENOTCONN
	case s.virtual.framed:
		return receiveFramed(fd, buf, flags)
	}
	n, _, errno = sysRecvFrom(fd, buf, flags)
	if errno == 0 && isDatagram(s.transport) {
		from = s.Remote()
	}
	return n, from, errno
}

// sendVirtual is the system call of [Socket.SendTo] for a virtual socket. The
// pair takes no addresses: tcp does not look at them, and a connected datagram
// socket can only be sent to where it is connected to.
func (s *Socket) sendVirtual(fd int, data []byte, flags int, to netip.AddrPort) (int, syscall.Errno) {
	if isDatagram(s.transport) && len(data) > maxUDPPayload && s.transport == UDP {
		return 0, syscall.EMSGSIZE
	}
	switch {
	case s.virtual.accept != nil:
		return 0, syscall.EPIPE
	case s.virtual.framed:
		return sendFramed(fd, data, flags, to)
	case to.IsValid() && isDatagram(s.transport) && inetName(to) != s.Remote():
		return 0, syscall.EISCONN
	}
	return sysSendTo(fd, data, flags, &sockaddr{})
}

// maxUDPPayload is the longest datagram that IPv4 takes.
const maxUDPPayload = 65507
