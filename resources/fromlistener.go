package resources

import (
	"errors"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// FromListener makes a script's listener of l, which is taken over: nothing else
// may use it any more, also not to close it, unless there is an error.
//
// A *[net.TCPListener] or *[net.UnixListener] gives its descriptor away and
// becomes a socket of the kernel as any other; the file of a unix socket stays
// when that is closed, as PHP leaves it. Any other listener, one that embeds such
// a type included, becomes a virtual socket: a goroutine accepts ahead of the
// script into a queue of the length that Options.Backlog says, and closing the
// socket closes l and what waits in the queue. A method SetUnlinkOnClose(bool) is
// called with false, so that the file stays here, too.
//
// What goes wrong in l.Accept reaches the script if it carries an errno, such as
// EMFILE or ECONNABORTED: one accept fails with it. Errors that are temporary or
// timeouts are passed over. In both cases l is asked again after a while, which
// grows to a second. Any other error, such as [net.ErrClosed], ends the listener:
// what is in the queue can be accepted, after which accept fails with EINVAL.
//
// The error is an [*Error] with Op "listen".
func FromListener(l net.Listener, t Transport, o Options) (*Socket, error) {
	fd, ok, err := takeListener(l, o)
	if err != nil {
		return nil, sysError("listen", nameOf(l.Addr()), err)
	}
	if ok {
		o.apply(t, fd)
		return kernelSocket(t, KindListener, fd, o), nil
	}
	a, err := acceptFrom(l, t, o)
	if err != nil {
		return nil, sysError("listen", nameOf(l.Addr()), err)
	}
	defer a.release()
	s, err := a.socket(o)
	if err != nil {
		return nil, sysError("listen", a.name, err)
	}
	if u, ok := l.(interface{ SetUnlinkOnClose(unlink bool) }); ok {
		u.SetUnlinkOnClose(false)
	}
	return s, nil
}

// takeListener takes a listener's descriptor where the kernel alone makes up the
// listener; ok is false where there is more to it. The error is a raw errno, or
// what the listener says, upon which it is as before.
func takeListener(l net.Listener, o Options) (fd int, ok bool, err error) {
	switch l := l.(type) {
	case *net.TCPListener:
		fd, err = descriptorOf(l, o)
	case *net.UnixListener:
		if fd, err = descriptorOf(l, o); err == nil {
			l.SetUnlinkOnClose(false)
		}
	default:
		return -1, false, nil
	}
	if err != nil {
		return -1, false, err
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd)
		return -1, false, err
	}
	_ = l.Close()
	return fd, true, nil
}

// descriptorOf duplicates the descriptor in a type of package net. Left in Go's
// poller it would wake that for nothing, so the original is to be closed.
func descriptorOf(c syscall.Conn, o Options) (fd int, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return -1, err
	}
	if failed := raw.Control(func(original uintptr) { fd, err = duplicate(int(original), o) }); failed != nil {
		return -1, failed
	}
	return fd, err
}

// kernelSocket makes a [Socket] of a descriptor that is a bound or listening
// socket already.
func kernelSocket(t Transport, k Kind, fd int, o Options) *Socket {
	s := boundSocket(t, fd, o)
	s.kind = k
	s.anyLocal = isAnyAddress(s.local)
	return s
}

// acceptFrom starts to accept from l into a queue. The caller holds the
// acceptor. The error is a raw errno, upon which l is as before.
func acceptFrom(l net.Listener, t Transport, o Options) (*acceptor, error) {
	if m, ok := l.(*memListener); ok {
		return m.giveAway(t)
	}
	queue, err := newBacklog(o.ListenBacklog())
	if err != nil {
		return nil, err
	}
	a := newAcceptor(t, l.Addr(), queue, func() { _ = l.Close() })
	go (&filler{acceptor: a, listener: l}).run()
	return a, nil
}

// filler fills an acceptor's queue from a listener.
type filler struct {
	*acceptor
	listener net.Listener
	pause    time.Duration // after the last failure, 0 after a success
	untold   atomic.Bool   // a failure waits in the queue
}

func (f *filler) run() {
	defer f.queue.end()
	for f.queue.reserve(f.alive) == nil {
		conn, err := f.listener.Accept()
		if err != nil {
			if !f.failed(err) {
				return
			}
			continue
		}
		f.pause = 0
		// The rate counts what scripts get, so it comes after the accept.
		_ = f.admit(f.alive)
		if f.queue.put(goArrival{conn, takesBothFamilies(f.name)}) != nil {
			_ = conn.Close()
			return
		}
	}
}

// failed makes use of the reserved place, or gives it back, and says whether to
// go on.
func (f *filler) failed(err error) bool {
	errno, lasting := acceptErrno(err)
	switch {
	case lasting:
		f.queue.unreserve()
		return false
	case errno == 0 || f.untold.Swap(true):
		// One at a time is enough: a script that does not accept just now must
		// not find the queue full of them.
		f.queue.unreserve()
	case f.queue.put(failedArrival{errno, &f.untold}) != nil:
		return false
	}
	f.pause = min(max(2*f.pause, 5*time.Millisecond), time.Second)
	timer := time.NewTimer(f.pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-f.alive.Done():
		return false
	}
}

// acceptErrno gives what a script is to see of an error of Accept, 0 for
// nothing, and tells whether it is of no use to call Accept again.
func acceptErrno(err error) (errno syscall.Errno, lasting bool) {
	if errors.Is(err, net.ErrClosed) {
		return 0, true
	}
	if errors.As(err, &errno) {
		switch errno {
		case syscall.EBADF, syscall.EINVAL, syscall.ENOTSOCK:
			return 0, true
		}
		if errno.Timeout() {
			return 0, false
		}
		return errno, false
	}
	var temporary interface{ Temporary() bool }
	var timeout interface{ Timeout() bool }
	passing := errors.As(err, &temporary) && temporary.Temporary() || errors.As(err, &timeout) && timeout.Timeout()
	return 0, !passing
}

// goArrival is a connection that a [net.Listener] has accepted.
type goArrival struct {
	conn   net.Conn
	mapped bool // IPv4 is named as a socket of both families names it
}

func (g goArrival) open(t Transport, o Options) (*Socket, error) {
	s, err := FromConn(g.conn, t, o)
	if err != nil {
		_ = g.conn.Close()
		return nil, errnoOf(err)
	}
	if g.mapped && s.virtual != nil && s.virtual.pump != nil {
		s.virtual.pump.mapNames()
	}
	return s, nil
}

func (g goArrival) refuse() { _ = g.conn.Close() }

// failedArrival is an error that one accept is to fail with.
type failedArrival struct {
	errno  syscall.Errno
	untold *atomic.Bool
}

func (f failedArrival) open(Transport, Options) (*Socket, error) {
	f.untold.Store(false)
	return nil, f.errno
}

func (f failedArrival) refuse() {}
