package phpexttest

import (
	"context"
	"encoding/binary"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/phpext"
)

// waker ends a poll from any goroutine.
type waker struct {
	mu sync.Mutex
	fd int // an eventfd; -1 once closed
}

func newWaker() (*waker, error) {
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, err
	}
	return &waker{fd: fd}, nil
}

func (w *waker) notify() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fd >= 0 {
		var one [8]byte
		binary.NativeEndian.PutUint64(one[:], 1)
		_, _ = unix.Write(w.fd, one[:])
	}
}

// drain forgets the wake-ups so far.
func (w *waker) drain() {
	var count [8]byte
	_, _ = unix.Read(w.fd, count[:])
}

func (w *waker) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fd >= 0 {
		_ = unix.Close(w.fd)
		w.fd = -1
	}
}

// wait waits as the engine does: for the descriptor, a wake-up, the end of the context
// or the time, which is cut to milliseconds.
func (e *Engine) wait(ctx context.Context, w phpext.Wait) phpext.Ready {
	stop := context.AfterFunc(ctx, e.wake.notify)
	defer stop()
	fds := []unix.PollFd{{Fd: int32(e.wake.fd), Events: unix.POLLIN}, {Fd: int32(w.FD), Events: w.Events}}
	start := time.Now()
	for {
		if ctx.Err() != nil {
			return phpext.ReadyCancelled
		}
		timeout := -1
		if w.Timeout >= 0 {
			whole := w.Timeout.Truncate(time.Millisecond)
			timeout = int(max(0, whole-time.Since(start).Truncate(time.Millisecond)) / time.Millisecond)
		}
		n, err := unix.Poll(fds, timeout)
		switch {
		case err != nil:
			// Go's own signals end polls; the time goes on.
			continue
		case n == 0:
			return phpext.ReadyTimeout
		case fds[1].Revents != 0:
			return phpext.ReadyYes
		}
		e.wake.drain()
		if ctx.Err() == nil {
			return phpext.ReadyWoken
		}
	}
}
