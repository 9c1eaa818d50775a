package resources

import (
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Socket is one socket: a descriptor of the kernel, or none yet, with what is
// known about it. Its methods may be called from any goroutine. None of them
// waits, and none uses the descriptor once the socket was closed here or taken
// out of its [Table], so that a number which the kernel has given out anew is
// never touched.
type Socket struct {
	transport   Transport
	local       string
	remote      string
	created     time.Time
	closeOnExec bool
	anyLocal    bool // bound to every address: accepted sockets have another local name
	persistent  atomic.Bool
	accepted    bool     // from a listener
	virtual     *virtual // nil: a socket of the kernel

	// Bytes that went through RecvFrom and SendTo; an engine counts its own.
	received, sent atomic.Uint64

	handle atomic.Uint64
	table  atomic.Pointer[Table] // the last one that it was put into
	// front is the socket that scripts have in the place of this one, which
	// was used up by [Throttle]; nil: none.
	front atomic.Pointer[Socket]

	// Operations hold mu for reading while they use fd; closing waits for
	// them.
	mu   sync.RWMutex
	fd   int
	kind Kind
}

// Unbound makes a socket without a descriptor: what PHP has after
// stream_socket_server without STREAM_SERVER_BIND, and after
// stream_socket_client without STREAM_CLIENT_CONNECT.
func Unbound(t Transport) *Socket {
	return newSocket(t, KindUnbound, -1, Options{})
}

// Adopted makes a [Socket] of a descriptor that an engine accepted at that time
// and that now belongs to it. The names are those to be listed; nothing is
// asked of the descriptor.
func Adopted(t Transport, fd int, local, remote string, at time.Time) *Socket {
	s := TakenOver(t, fd, remote, at)
	s.local, s.accepted = local, true
	return s
}

// TakenOver makes a [Socket] of a descriptor that a script has found open.
func TakenOver(t Transport, fd int, remote string, at time.Time) *Socket {
	s := newSocket(t, KindConn, fd, Options{})
	s.remote, s.created = remote, at
	return s
}

func newSocket(t Transport, k Kind, fd int, o Options) *Socket {
	return &Socket{transport: t, kind: k, fd: fd, closeOnExec: o.CloseOnExec, created: time.Now()}
}

// Handle gives the handle under which a [Table] knows the socket, 0 before it
// is in one. It stays when the socket leaves the table.
func (s *Socket) Handle() Handle { return Handle(s.handle.Load()) }

// FD gives the descriptor, -1 where there is none: never bound nor connected,
// closed, or taken out of its table.
func (s *Socket) FD() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.fd
}

// Transport gives the transport that the socket was made for.
func (s *Socket) Transport() Transport { return s.transport }

// Kind gives what the socket was made for. [Socket.Listen] changes it.
func (s *Socket) Kind() Kind {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.kind
}

// Local gives the name of this end as it was when the socket was made, in the
// form of [Socket.Name]. The kernel is not asked.
func (s *Socket) Local() string {
	if s.virtual != nil && s.virtual.local != nil {
		return s.virtual.local()
	}
	return s.local
}

// Remote gives the name of the other end as it was when the socket was made, in
// the form of [Socket.Name]. The kernel is not asked. Where a virtual socket is
// still connecting it is the name that it will have.
func (s *Socket) Remote() string {
	if s.virtual != nil && s.virtual.remote != nil {
		return s.virtual.remote()
	}
	return s.remote
}

// Created gives the time at which the socket was made.
func (s *Socket) Created() time.Time { return s.created }

// Persist marks the socket as one that outlives the script that made it, as
// PHP's persistent streams do: [Table.CloseTransient] leaves it alone.
func (s *Socket) Persist() { s.persistent.Store(true) }

// Persistent tells whether the socket was marked by [Socket.Persist].
func (s *Socket) Persistent() bool { return s.persistent.Load() }

// Close closes the descriptor. A second call does nothing. A unix socket's path
// stays in the file system, as PHP leaves it. The error is a raw
// [syscall.Errno]; the descriptor is gone all the same.
func (s *Socket) Close() error {
	fd := s.take()
	if fd < 0 {
		return nil
	}
	err := unix.Close(fd)
	s.closed()
	return err
}

// forget takes the descriptor away from a socket that is closed elsewhere.
func (s *Socket) forget() {
	if s.take() >= 0 {
		s.closed()
	}
}

// take takes the descriptor away without closing it. The socket counts as
// closed, but nobody is told.
func (s *Socket) take() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	fd := s.fd
	s.fd = -1
	return fd
}

func (s *Socket) closed() {
	if s.virtual != nil && s.virtual.onClose != nil {
		s.virtual.onClose()
	}
}

// alive tells whether the socket, or the one in its place, is still open, also
// where an engine has closed it and its table has not heard of that yet. No lock
// of a Socket or a Table may be held.
func (s *Socket) alive() bool {
	if !s.isOpen() {
		return false
	}
	if t := s.foremost().table.Load(); t != nil {
		t.refresh()
	}
	return s.isOpen()
}

// isOpen is alive as far as everybody knows, without asking the table.
func (s *Socket) isOpen() bool { return s.foremost().FD() >= 0 }

// foremost gives the socket that a script has of this one.
func (s *Socket) foremost() *Socket {
	for {
		front := s.front.Load()
		if front == nil {
			return s
		}
		s = front
	}
}

// do runs a system call on the descriptor, which stays open meanwhile. The
// error is nil or a raw errno.
func (s *Socket) do(call func(fd int) syscall.Errno) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.fd < 0 {
		return syscall.EBADF
	}
	if errno := call(s.fd); errno != 0 {
		return errno
	}
	return nil
}

// openSocket makes the descriptor of one attempt to bind or connect, with the
// options that servers and clients have in common.
func openSocket(t Transport, family uint16, flags int, o Options) (int, error) {
	typ := unix.SOCK_STREAM
	if t == UDP || t == Udg {
		typ = unix.SOCK_DGRAM
	}
	if o.CloseOnExec {
		flags |= unix.SOCK_CLOEXEC
	}
	fd, err := unix.Socket(int(family), typ|flags, 0)
	if err != nil {
		return -1, err
	}
	o.apply(t, fd)
	return fd, nil
}

// setFlag switches a socket option on. PHP does not look whether that worked,
// so neither does this.
func setFlag(fd, level, option int) {
	_ = unix.SetsockoptInt(fd, level, option, 1)
}

// setUnlessZero sets a socket option whose 0 stands for the system's choice.
func setUnlessZero(fd, level, option, value int) {
	if value != 0 {
		_ = unix.SetsockoptInt(fd, level, option, value)
	}
}
