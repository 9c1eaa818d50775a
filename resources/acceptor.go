package resources

import (
	"context"
	"net"
	"sync"
	"syscall"
)

// acceptor is a listener that lives in the Go program: a queue of connections,
// what fills it, and those who have it. It lasts until the last of them lets go:
// sockets of scripts, which have a duplicate of the queue's descriptor each, and
// holders in Go.
type acceptor struct {
	addr  net.Addr
	name  string // addr as PHP writes it
	queue *backlog
	// stop ends what fills the queue. Only the first call counts.
	stop func()
	// alive is the time during which the queue may be filled.
	alive context.Context
	ended context.CancelFunc

	mu        sync.Mutex
	transport Transport // of the sockets and of what they accept
	holders   int       // sockets counted in
	sockets   []*Socket // latest last
}

// newAcceptor makes one with one holder, the caller.
func newAcceptor(t Transport, addr net.Addr, queue *backlog, stop func()) *acceptor {
	a := &acceptor{transport: t, addr: addr, name: nameOf(addr), queue: queue, stop: sync.OnceFunc(stop), holders: 1}
	a.alive, a.ended = context.WithCancel(context.Background())
	return a
}

// socket makes a listener of a script that shares the queue. The error is a raw
// errno, EBADF when the last holder has let go.
func (a *acceptor) socket(o Options) (*Socket, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.holders == 0 {
		return nil, syscall.EBADF
	}
	fd, err := a.queue.descriptor(o)
	if err != nil {
		return nil, err
	}
	var s *Socket
	transport, accepted := a.transport, Options{CloseOnExec: o.CloseOnExec}
	s = newVirtual(transport, KindListener, fd, o, &virtual{
		shared: a,
		accept: func() (*Socket, error) {
			arrived, err := a.queue.pop()
			if err != nil {
				return nil, err
			}
			conn, err := arrived.open(transport, accepted)
			if err != nil {
				return nil, err
			}
			conn.accepted = true
			return conn, nil
		},
		shutdown: a.shutdown,
		onClose:  func() { a.leave(s) },
	})
	s.local = a.name
	a.holders++
	a.sockets = append(a.sockets, s)
	return s, nil
}

// hold adds a holder, who is to call release once. It says false when the last
// one has let go.
func (a *acceptor) hold() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.holders == 0 {
		return false
	}
	a.holders++
	return true
}

func (a *acceptor) release() { a.leave(nil) }

// leave ends it when nobody is left. No lock is held while what fills the queue
// is stopped, which is somebody else's code.
func (a *acceptor) leave(s *Socket) {
	a.mu.Lock()
	for i, other := range a.sockets {
		if s == other {
			a.sockets = append(a.sockets[:i:i], a.sockets[i+1:]...)
			break
		}
	}
	a.holders--
	last := a.holders == 0
	a.mu.Unlock()
	if last {
		a.ended()
		a.stop()
		a.queue.close()
	}
}

// shutdown ends it for all who have it, as the kernel does with a listener whose
// reading is shut down: who waits is refused, accept fails, and the descriptors
// are readable.
func (a *acceptor) shutdown() error {
	a.ended()
	a.stop()
	a.queue.drop()
	return nil
}

// refresh makes sure that sockets which an engine has closed are no holders any
// more. No lock may be held.
func (a *acceptor) refresh() {
	a.mu.Lock()
	sockets := a.sockets[:len(a.sockets):len(a.sockets)]
	a.mu.Unlock()
	for _, s := range sockets {
		s.alive()
	}
}

// admit waits until the rate of the script that listens allows one more
// connection; see [Throttle]. The error is ECONNREFUSED when the last holder lets
// go, or that of ctx.
func (a *acceptor) admit(ctx context.Context) error {
	a.mu.Lock()
	var v *virtual
	if n := len(a.sockets); n > 0 {
		v = a.sockets[n-1].virtual
	}
	a.mu.Unlock()
	if v == nil || v.rates.Load() == nil {
		return nil
	}
	// Without a deadline, or the wait would fail at once where it is too near.
	wanted, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	defer context.AfterFunc(a.alive, cancel)()
	err := v.admit(wanted)
	switch {
	case err == nil:
		return nil
	case a.alive.Err() != nil:
		return syscall.ECONNREFUSED
	}
	return ctx.Err()
}
