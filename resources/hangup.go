package resources

import (
	"errors"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// hangups tells when the script's ends of pairs are gone.
var hangups hangupWatch

// hangupWatch waits for the hang-up of descriptors: the other end of a pair is
// gone, with all its copies in other processes, or has shut down both
// directions. Reading tells nothing of that when the other end has only ended
// its writing, and nobody reads while data cannot be passed on.
//
// All descriptors are in one epoll instance that reports nothing else, so one
// goroutine, which costs nothing until something hangs up, does for all of
// them. There is none while nothing is watched.
type hangupWatch struct {
	mu    sync.Mutex
	epoll *os.File
	last  uint64
	calls map[uint64]func()
}

// add calls hungUp once when fd hangs up, and at once if it has already. It is
// called on the one goroutine that there is, so it must not wait. The error is a
// raw errno.
func (w *hangupWatch) add(fd int, hungUp func()) (id uint64, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.epoll == nil {
		if err := w.start(); err != nil {
			return 0, err
		}
	}
	w.last++
	w.calls[w.last] = hungUp
	// EPOLLHUP needs no asking for.
	event := unix.EpollEvent{Events: unix.EPOLLONESHOT, Fd: int32(uint32(w.last)), Pad: int32(uint32(w.last >> 32))}
	if err := w.control(unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		w.forget(w.last)
		return 0, err
	}
	return w.last, nil
}

// remove must come before fd is closed: the instance would keep it where a
// forked process has a copy.
func (w *hangupWatch) remove(id uint64, fd int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.calls[id]; !ok && w.epoll == nil {
		return
	}
	_ = w.control(unix.EPOLL_CTL_DEL, fd, &unix.EpollEvent{})
	w.forget(id)
}

func (w *hangupWatch) forget(id uint64) {
	delete(w.calls, id)
	if len(w.calls) == 0 && w.epoll != nil {
		_ = w.epoll.Close() // ends the goroutine
		w.epoll = nil
	}
}

func (w *hangupWatch) control(operation, fd int, event *unix.EpollEvent) (err error) {
	raw, err := w.epoll.SyscallConn()
	if err != nil {
		return err
	}
	failed := raw.Control(func(epoll uintptr) { err = unix.EpollCtl(int(epoll), operation, fd, event) })
	if failed != nil {
		return failed
	}
	return err
}

func (w *hangupWatch) start() error {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	// An epoll instance can itself be waited for, by Go's own poller.
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd)
		return err
	}
	w.epoll = os.NewFile(uintptr(fd), "hangups")
	w.calls = make(map[uint64]func())
	go w.run(w.epoll)
	return nil
}

// run ends when the instance is closed.
func (w *hangupWatch) run(epoll *os.File) {
	raw, err := epoll.SyscallConn()
	if err != nil {
		return
	}
	events := make([]unix.EpollEvent, 64)
	for {
		n := 0
		err := raw.Read(func(fd uintptr) bool {
			var err error
			for {
				if n, err = unix.EpollWait(int(fd), events, 0); !errors.Is(err, unix.EINTR) {
					return n != 0 // an error, too, is not for waiting
				}
			}
		})
		if err != nil || n < 0 {
			return
		}
		for _, e := range events[:n] {
			w.call(uint64(uint32(e.Fd)) | uint64(uint32(e.Pad))<<32)
		}
	}
}

func (w *hangupWatch) call(id uint64) {
	w.mu.Lock()
	hungUp := w.calls[id]
	w.mu.Unlock()
	if hungUp != nil {
		hungUp()
	}
}
