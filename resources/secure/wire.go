package secure

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// wire is the ciphertext side of a session, and the net.Conn that crypto/tls sees. It
// hands record after record to crypto/tls, never more, so that what comes behind the last
// one is not lost when encryption ends, and it is known whether there is another one.
type wire struct {
	fd            int
	local, remote net.Addr
	owner         any

	in     []byte // received and not handed over: a part of buffer
	buffer []byte // pooled; nil while nothing is kept
	filled bool   // the last reception filled its buffer
	header int    // bytes of the current record's header that are to be handed over
	body   int    // and of its body

	out  []byte // to be sent, pooled
	sent int    // bytes of it that were
	much bool   // the next queue is a long one

	err     error // the end of what comes in
	sendErr error

	relay   *os.File     // waits by itself, see Session.Conn; nil: the session's user does
	offline bool         // nothing is received: for a look at what is here already
	park    func() error // what Read does instead of receiving, in a handshake
}

// wouldBlock is what the descriptor answers that has nothing now. It is a temporary
// [net.Error], which crypto/tls does not remember.
type wouldBlock struct{}

func (wouldBlock) Error() string   { return "secure: would block" }
func (wouldBlock) Timeout() bool   { return true }
func (wouldBlock) Temporary() bool { return true }

// Read gives what there is of one record.
func (w *wire) Read(p []byte) (int, error) {
	for {
		if n := w.take(p); n > 0 || len(p) == 0 {
			return n, nil
		}
		switch {
		case w.err != nil:
			return 0, w.err
		case w.park != nil:
			if err := w.park(); err != nil {
				return 0, err
			}
		case w.offline:
			return 0, wouldBlock{}
		default:
			if err := w.receive(); err != nil {
				return 0, err
			}
		}
	}
}

// take hands a header over before its body, so that of what is no TLS at all no more is
// lost than a header.
func (w *wire) take(p []byte) int {
	if w.header == 0 && w.body == 0 {
		if len(w.in) < headerLen {
			return 0
		}
		w.header = headerLen
		w.body = int(binary.BigEndian.Uint16(w.in[3:]))
	}
	part := &w.body
	if w.header > 0 {
		part = &w.header
	}
	n := copy(p, w.in[:min(len(w.in), *part)])
	*part -= n
	w.in = w.in[n:]
	if len(w.in) == 0 {
		w.release()
	}
	return n
}

// holdsRecord tells whether a whole record is here.
func (w *wire) holdsRecord() bool {
	if w.header > 0 || w.body > 0 {
		return len(w.in) >= w.header+w.body
	}
	return len(w.in) >= headerLen && len(w.in) >= headerLen+int(binary.BigEndian.Uint16(w.in[3:]))
}

// receive takes what the descriptor has, behind what is kept already.
func (w *wire) receive() error {
	if w.err != nil {
		return w.err
	}
	w.reserve()
	start := len(w.in)
	free := w.buffer[start:]
	if w.relay != nil {
		n, err := w.relay.Read(free)
		w.in = w.buffer[:start+n]
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return os.ErrDeadlineExceeded // bare, crypto/tls sees that it is temporary
		}
		w.err = err
		return err
	}
	n, errno := transfer(unix.SYS_RECVFROM, w.fd, free, unix.MSG_DONTWAIT)
	switch {
	case errno == 0 && n > 0:
		w.in = w.buffer[:start+n]
		w.filled = n == len(free)
		return nil
	case errno == 0:
		w.err = io.EOF
	case errno != unix.EAGAIN:
		w.err = errno
	}
	if len(w.in) == 0 {
		w.release()
	}
	if w.err != nil {
		return w.err
	}
	return wouldBlock{}
}

// reserve sees to it that there is a buffer with what is kept at its beginning, which is
// less than a header when something is to be received.
func (w *wire) reserve() {
	if w.buffer == nil {
		w.buffer = newBuffer(w.filled)
	}
	w.in = w.buffer[:copy(w.buffer, w.in)]
}

func (w *wire) release() {
	freeBuffer(w.buffer)
	w.buffer, w.in = nil, nil
}

// Write queues: a write that would block is an error for good to crypto/tls.
func (w *wire) Write(p []byte) (int, error) {
	if w.sendErr != nil {
		return 0, w.sendErr
	}
	if w.relay != nil {
		return w.relay.Write(p)
	}
	if w.out == nil {
		w.out = newBuffer(w.much)[:0]
	}
	w.out = append(w.out, p...)
	return len(p), nil
}

// flush sends what is queued and tells whether that was all.
func (w *wire) flush() (bool, error) {
	for w.sent < len(w.out) && w.sendErr == nil {
		n, errno := transfer(unix.SYS_SENDTO, w.fd, w.out[w.sent:], unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
		if errno == unix.EAGAIN {
			return false, nil
		}
		if errno != 0 {
			w.sendErr = errno
			break
		}
		w.sent += n
	}
	if w.out != nil {
		freeBuffer(w.out[:cap(w.out)])
		w.out, w.sent = nil, 0
	}
	return true, w.sendErr
}

// transfer is recv() or send(). They return at once, so that Go's scheduler need not
// hear of it.
func transfer(call uintptr, fd int, p []byte, flags uintptr) (int, syscall.Errno) {
	for {
		n, _, errno := unix.RawSyscall6(call, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), flags, 0, 0)
		if errno != unix.EINTR {
			return int(n), errno
		}
	}
}

// Close does nothing: the descriptor is its owner's. crypto/tls calls it where a handshake
// is given up, on a goroutine of its own.
func (w *wire) Close() error { return nil }

func (w *wire) LocalAddr() net.Addr              { return w.local }
func (w *wire) RemoteAddr() net.Addr             { return w.remote }
func (w *wire) SetDeadline(time.Time) error      { return nil }
func (w *wire) SetReadDeadline(time.Time) error  { return nil }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }
