package resources

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// endpoint is a connected descriptor in Go's poller, as a [net.Conn]. Unlike
// the types of package net it never raises SIGPIPE, which a script may have a
// handler for, and it does not depend on O_NONBLOCK, which a duplicate shares
// with the descriptor that a script has.
type endpoint struct {
	file     *os.File
	raw      syscall.RawConn
	messages bool // keeps the bounds of messages: an empty one is not the end
	// local and remote are what LocalAddr and RemoteAddr give; nil for the ends
	// of pairs.
	local, remote net.Addr
}

// newEndpoint takes fd over, also where it fails. The error is a raw errno.
func newEndpoint(fd int, messages bool) (*endpoint, error) {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err == nil {
		err = unix.SetNonblock(fd, true) // without it os.NewFile does not poll
	}
	if err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	file := os.NewFile(uintptr(fd), "socket")
	if flags&unix.O_NONBLOCK == 0 {
		err = unix.SetNonblock(fd, false)
	}
	raw, rawErr := file.SyscallConn()
	if err = errors.Join(err, rawErr, file.SetDeadline(time.Time{})); err != nil {
		_ = file.Close()
		return nil, errnoOf(err)
	}
	return &endpoint{file: file, raw: raw, messages: messages}, nil
}

// Read gives [io.EOF] where the other side has shut down its writing or closed.
// What a message has beyond p is lost.
func (e *endpoint) Read(p []byte) (int, error) {
	if len(p) == 0 && !e.messages {
		return 0, nil
	}
	return e.receive(func() []byte { return p }, func() {})
}

// receive asks for the buffer only when it is going to read, and gives it back
// where there was nothing to be read, so that an idle connection costs none.
// Otherwise the buffer asked for last is the one that was filled.
func (e *endpoint) receive(buffer func() []byte, idle func()) (n int, err error) {
	var end bool
	var errno syscall.Errno
	err = e.raw.Read(func(fd uintptr) bool {
		for {
			n, end, errno = recvOnce(int(fd), buffer(), e.messages)
			if errno == 0 {
				return true
			}
			idle()
			if errno != syscall.EINTR {
				return errno != syscall.EAGAIN
			}
		}
	})
	switch {
	case err != nil:
		return 0, closedError(err)
	case errno != 0:
		return 0, os.NewSyscallError("recv", errno)
	case end:
		idle()
		return 0, io.EOF
	}
	return n, nil
}

// closedError gives what a net.Conn says when it is closed for the words that
// the poller has for it.
func closedError(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	return net.ErrClosed
}

// pollNow gives the events of a descriptor without waiting.
func pollNow(fd int, events int16) int16 {
	for {
		fds := []unix.PollFd{{Fd: int32(fd), Events: events}}
		_, err := unix.Poll(fds, 0)
		if !errors.Is(err, unix.EINTR) {
			return fds[0].Revents
		}
	}
}

// recvOnce tells the end from an empty message. On a pair of SOCK_SEQPACKET both
// are 0 bytes, but each message comes with the sender's credentials, because
// SO_PASSCRED is set, and the end comes without. Datagrams have no end.
func recvOnce(fd int, p []byte, messages bool) (n int, end bool, errno syscall.Errno) {
	if !messages {
		n, _, errno = sysRecvFrom(fd, p, unix.MSG_DONTWAIT)
		return n, n == 0, errno
	}
	var control [64]byte
	n, controls, _, _, err := unix.RecvmsgBuffers(fd, [][]byte{p}, control[:], unix.MSG_DONTWAIT)
	if err != nil {
		return 0, false, errnoOf(err)
	}
	return n, n == 0 && controls == 0 && isSequenced(fd), 0
}

func isSequenced(fd int) bool {
	typ, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	return err == nil && typ == unix.SOCK_SEQPACKET
}

// Write writes all of p. A message, which may be empty, is written at once or
// not at all. The error is EPIPE, without a signal, where nobody can read it any
// more.
func (e *endpoint) Write(p []byte) (int, error) {
	if len(p) == 0 && !e.messages {
		return 0, nil
	}
	done := 0
	var errno syscall.Errno
	err := e.raw.Write(func(fd uintptr) bool {
		for {
			var n int
			n, errno = sysSendTo(int(fd), p[done:], unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, &sockaddr{})
			switch errno {
			case 0:
				if done += n; done == len(p) {
					return true
				}
			case syscall.EINTR:
			default:
				return errno != syscall.EAGAIN
			}
		}
	})
	switch {
	case err != nil:
		return done, closedError(err)
	case errno != 0:
		return done, os.NewSyscallError("send", errno)
	}
	return done, nil
}

// CloseWrite ends the writing direction: the other side reads the end.
func (e *endpoint) CloseWrite() error { return e.shutdown(unix.SHUT_WR) }

// CloseRead ends the reading direction: the other side gets EPIPE.
func (e *endpoint) CloseRead() error { return e.shutdown(unix.SHUT_RD) }

func (e *endpoint) shutdown(how int) error {
	var err error
	if failed := e.raw.Control(func(fd uintptr) { err = unix.Shutdown(int(fd), how) }); failed != nil {
		return closedError(failed)
	}
	return os.NewSyscallError("shutdown", err)
}

// Close closes the descriptor and ends the calls that wait for it.
func (e *endpoint) Close() error { return e.file.Close() }

func (e *endpoint) LocalAddr() net.Addr                { return e.local }
func (e *endpoint) RemoteAddr() net.Addr               { return e.remote }
func (e *endpoint) SetDeadline(t time.Time) error      { return e.file.SetDeadline(t) }
func (e *endpoint) SetReadDeadline(t time.Time) error  { return e.file.SetReadDeadline(t) }
func (e *endpoint) SetWriteDeadline(t time.Time) error { return e.file.SetWriteDeadline(t) }

// SetNoDelay sets TCP_NODELAY where the descriptor is a tcp socket.
func (e *endpoint) SetNoDelay(on bool) error {
	value := 0
	if on {
		value = 1
	}
	return e.setOption(unix.IPPROTO_TCP, unix.TCP_NODELAY, value)
}

func (e *endpoint) setOption(level, option, value int) error {
	var err error
	if failed := e.raw.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), level, option, value) }); failed != nil {
		return closedError(failed)
	}
	return os.NewSyscallError("setsockopt", err)
}
