package resources

import (
	"context"
	"encoding/binary"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// pacer lets the connections of a kernel's listener through one after the other,
// as often as a rate allows. They stay in the kernel's queue until a script
// accepts them, so that none is lost with the script; the descriptor that the
// script has, an eventfd, is readable when it may.
type pacer struct {
	virtual *virtual
	kernel  *Socket
	queue   *endpoint // the same listener in Go's poller
	taken   chan struct{}
	alive   context.Context
	end     context.CancelFunc

	mu     sync.Mutex
	signal int // the eventfd, -1 once closed
}

// paced makes a listener over one of the kernel, which it uses up.
func paced(s *Socket, r *Rates) (*Socket, error) {
	fd, err := s.duplicate()
	if err != nil {
		return nil, err
	}
	queue, err := newEndpoint(fd, false)
	if err != nil {
		return nil, err
	}
	o := Options{CloseOnExec: s.closeOnExec}
	signal, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		_ = queue.Close()
		return nil, err
	}
	script, err := duplicate(signal, o)
	if err != nil {
		_ = unix.Close(signal)
		_ = queue.Close()
		return nil, err
	}
	p := &pacer{kernel: s, queue: queue, signal: signal, taken: make(chan struct{}, 1)}
	p.alive, p.end = context.WithCancel(context.Background())
	p.virtual = &virtual{accept: p.accept, listen: p.listen, shutdown: p.shutdown, onClose: p.close}
	p.virtual.rates.Store(r)
	go p.run()
	paced := newVirtual(s.transport, KindListener, script, o, p.virtual)
	paced.local = s.Local()
	return paced, nil
}

func (p *pacer) run() {
	for p.waiting() && p.virtual.admit(p.alive) == nil {
		p.ring()
		select {
		case <-p.taken:
		case <-p.alive.Done():
			return
		}
	}
}

// waiting waits for a connection in the kernel's queue; false: the listener was
// closed.
func (p *pacer) waiting() bool {
	err := p.queue.raw.Read(func(fd uintptr) bool { return pollNow(int(fd), unix.POLLIN) != 0 })
	return err == nil && p.alive.Err() == nil
}

func (p *pacer) ring() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.signal >= 0 {
		var one [8]byte
		binary.NativeEndian.PutUint64(one[:], 1)
		_, _ = unix.Write(p.signal, one[:])
	}
}

// accept gives EAGAIN where the rate does not allow it yet, and where another
// process that has the listener was faster.
func (p *pacer) accept() (*Socket, error) {
	p.mu.Lock()
	var count [8]byte
	n := 0
	if p.signal >= 0 {
		n, _ = unix.Read(p.signal, count[:])
	}
	p.mu.Unlock()
	if n != len(count) {
		return nil, syscall.EAGAIN
	}
	conn, _, err := p.kernel.acceptKernel()
	p.taken <- struct{}{} // one for each ring
	return conn, err
}

func (p *pacer) listen(backlog int) error {
	return p.kernel.do(func(fd int) syscall.Errno {
		if err := unix.Listen(fd, backlog); err != nil {
			return errnoOf(err)
		}
		return 0
	})
}

// shutdown makes the kernel's queue readable, and so the script's descriptor.
func (p *pacer) shutdown() error { return p.kernel.Shutdown(unix.SHUT_RD) }

// close frees the address before it returns: a script may bind it again at once.
func (p *pacer) close() {
	p.end()
	_ = p.queue.SetDeadline(time.Unix(1, 0))
	_ = p.queue.Close()
	_ = p.kernel.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = unix.Close(p.signal)
	p.signal = -1
}
