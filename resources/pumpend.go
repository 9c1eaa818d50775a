package resources

import (
	"time"

	"golang.org/x/sys/unix"
)

// How a pump ends.

// leave is the end of one of the two goroutines.
func (p *pump) leave(done *bool) {
	p.mu.Lock()
	*done = true
	last := p.upDone && p.downDone
	over := last || p.broken || p.upDone && p.hungUp
	p.mu.Unlock()
	if over {
		p.finish()
	}
	if last {
		p.release()
	}
}

// hangUp is told that the script is gone, but not yet what it has written.
func (p *pump) hangUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hungUp = true
	p.unwant()
	switch {
	case p.conn == nil:
		p.kill() // ends the dial
	case p.upDone:
		go p.finish() // closing a connection may take a while
	case !p.ending:
		p.lingerUntil = time.Now().Add(lingerMost)
		p.lingered = p.progress.Load()
		p.linger = time.AfterFunc(p.lingerIdle, p.lingers)
	}
}

func (p *pump) lingers() {
	p.mu.Lock()
	progress := p.progress.Load()
	goOn := !p.ending && progress != p.lingered && time.Now().Before(p.lingerUntil)
	if goOn {
		p.lingered = progress
		p.linger.Reset(min(p.lingerIdle, time.Until(p.lingerUntil)))
	}
	p.mu.Unlock()
	if !goOn {
		p.finish()
	}
}

func (p *pump) isEnding() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ending
}

// finish ends both goroutines.
func (p *pump) finish() {
	p.mu.Lock()
	if p.ending {
		p.mu.Unlock()
		return
	}
	p.ending = true
	if p.linger != nil {
		p.linger.Stop()
	}
	p.mu.Unlock()
	p.kill()
	_ = p.end.SetDeadline(time.Unix(1, 0))
	_ = p.conn.Close()
}

// release gives up the pump's end. Shutting it down first reaches the script
// even where a forked process has a copy.
func (p *pump) release() {
	p.unwatch()
	if p.broken {
		p.reset()
		return
	}
	_ = p.end.shutdown(unix.SHUT_RDWR)
	_ = p.end.Close()
}

func (p *pump) unwatch() {
	_ = p.end.raw.Control(func(fd uintptr) { hangups.remove(p.watch, int(fd)) })
}

// reset closes the pump's end so that the script gets ECONNRESET: a unix socket
// does that to its peer where it is closed with something unread. If there is
// nothing one byte is put there.
func (p *pump) reset() {
	if !p.withScriptEnd(func(script int) {
		_, _ = sysSendTo(script, []byte{0}, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, &sockaddr{})
		_ = p.end.Close()
		if pollNow(script, 0)&unix.POLLHUP == 0 { // a forked process has a copy
			_ = unix.Shutdown(script, unix.SHUT_RDWR)
		}
	}) {
		_ = p.end.shutdown(unix.SHUT_RDWR)
		_ = p.end.Close()
	}
}

// withScriptEnd runs call with a duplicate of the script's end and says whether
// that was possible. The pump keeps none, because the script's end would not
// hang up then. The number of it may belong to something else by now, if an
// engine has closed it and its table has not heard of that yet, so it counts
// only if the kernel's cookie of the socket says that it is the one.
func (p *pump) withScriptEnd(call func(fd int)) bool {
	script := -1
	_ = p.socket.do(func(fd int) unix.Errno {
		if cookieOf(fd) == p.cookie {
			script, _ = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
		}
		return 0
	})
	if script < 0 {
		return false
	}
	defer func() { _ = unix.Close(script) }()
	if cookieOf(script) != p.cookie {
		return false
	}
	call(script)
	return true
}

// cookieOf gives the number that the kernel gives to one socket only, 0 for
// what is no socket.
func cookieOf(fd int) uint64 {
	cookie, err := unix.GetsockoptUint64(fd, unix.SOL_SOCKET, unix.SO_COOKIE)
	if err != nil {
		return 0
	}
	return cookie
}
