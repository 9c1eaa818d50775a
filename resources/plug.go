package resources

import (
	"context"
	"errors"
	"net"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// plug keeps the script's end of a pair neither readable nor writable while the
// connection is still being dialled, which is how a socket of the kernel is:
// its send buffer is made as small as it can be and filled with junk.
type plug struct {
	mu     sync.Mutex
	in     bool
	junk   int // bytes, or messages
	buffer int // what the send buffer is to be afterwards; 0: not known yet
}

// insertPlug comes before the script has its end.
func (p *pump) insertPlug() {
	p.plug.mu.Lock()
	defer p.plug.mu.Unlock()
	p.plug.in = true
	_ = p.socket.do(func(fd int) syscall.Errno {
		if p.plug.buffer == 0 {
			if size, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF); err == nil {
				p.plug.buffer = size / 2 // the kernel doubles what it is told
			}
		}
		setUnlessZero(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, 1)
		junk := make([]byte, 512)
		for {
			n, errno := sysSendTo(fd, junk, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, &sockaddr{})
			switch {
			case errno == syscall.EINTR:
			case errno != 0:
				return 0
			case p.end.messages:
				p.plug.junk++
			default:
				p.plug.junk += n
			}
		}
	})
}

// removePlug makes the script's end writable.
func (p *pump) removePlug() {
	p.plug.mu.Lock()
	p.plug.in = false
	p.writeBuffer(p.plug.buffer)
	left := p.plug.junk
	p.plug.mu.Unlock()
	junk := make([]byte, 1<<12)
	for left > 0 {
		n, err := p.end.Read(junk[:min(left, len(junk))])
		if err != nil {
			return
		}
		if p.end.messages {
			n = 1
		}
		left -= n
	}
}

// setSendBuffer sets the size of the script's send buffer, after the plug is
// out.
func (p *pump) setSendBuffer(size int) {
	p.plug.mu.Lock()
	defer p.plug.mu.Unlock()
	p.plug.buffer = size
	if !p.plug.in {
		p.writeBuffer(size)
	}
}

func (p *pump) writeBuffer(size int) {
	p.withScriptEnd(func(script int) { setUnlessZero(script, unix.SOL_SOCKET, unix.SO_SNDBUF, size) })
}

// dial connects, and pumps if that works. If not the pump's end is closed with
// the junk in it, so that the script gets ECONNRESET. ctx is for the dial alone.
func (p *pump) dial(ctx context.Context, connect func(context.Context) (net.Conn, error)) {
	if !p.connect(ctx, connect) {
		p.kill()
		p.unwatch()
		p.reset()
		return
	}
	p.removePlug()
	go p.down()
	p.up()
}

// connect gives the pump its connection.
func (p *pump) connect(ctx context.Context, connect func(context.Context) (net.Conn, error)) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.alive, cancel)() // the script has gone
	conn, err := connect(ctx)
	if err != nil {
		return false
	}
	if !p.setConn(conn) {
		_ = conn.Close()
		return false
	}
	return true
}

// dialled tells whether there is a connection.
func (p *pump) dialled() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.conn != nil
}

// connected waits until a connect that was started on the descriptor is over,
// and closes it where that failed.
func (e *endpoint) connected(ctx context.Context) error {
	defer context.AfterFunc(ctx, func() { _ = e.SetDeadline(time.Unix(1, 0)) })()
	errno := syscall.Errno(0)
	err := e.raw.Write(func(fd uintptr) bool {
		if pollNow(int(fd), unix.POLLOUT) == 0 {
			return false
		}
		errno = socketError(int(fd))
		return true
	})
	if err == nil && errno != 0 {
		err = errno
	}
	if err != nil {
		_ = e.Close()
		err = errors.Join(err, ctx.Err())
	}
	return err
}
