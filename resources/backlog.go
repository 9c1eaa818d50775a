package resources

import (
	"context"
	"encoding/binary"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// maxBacklog is the longest queue of connections, Linux's own default bound
// (net.core.somaxconn).
const maxBacklog = 4096

// arrival is what waits in a [backlog]: a connection, or the failure of one.
type arrival interface {
	// open makes it the script's, as a socket of the transport. The error is a raw errno; what arrived is
	// gone then.
	open(t Transport, o Options) (*Socket, error)
	// refuse closes it.
	refuse()
}

// backlog is a queue of connections of bounded length. Its descriptor is an
// eventfd that counts like a semaphore: readable while something waits, or once
// nothing more will come. Duplicates of the descriptor share the counter, so
// that any of them tells for poll what there is.
type backlog struct {
	slots chan struct{} // holds one for each place that is taken or reserved
	queue chan arrival
	ended chan struct{} // closed when nothing more comes

	// mu makes one step of the queue and the counter.
	mu   sync.Mutex
	over bool // ended is closed
	fd   int  // -1 once closed
}

// newBacklog makes a queue of so many places; as with listen(2) less than 0 are
// as many as there may be, and 0 is one.
func newBacklog(limit int) (*backlog, error) {
	if limit < 0 || limit > maxBacklog {
		limit = maxBacklog
	}
	limit = max(limit, 1)
	fd, err := unix.Eventfd(0, unix.EFD_SEMAPHORE|unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	return &backlog{
		slots: make(chan struct{}, limit),
		queue: make(chan arrival, limit),
		ended: make(chan struct{}),
		fd:    fd,
	}, nil
}

// descriptor gives a duplicate of the queue's descriptor. The error is a raw
// errno.
func (b *backlog) descriptor(o Options) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return duplicate(b.fd, o)
}

// reserve waits for a place, which is then for put or unreserve. The error is
// ECONNREFUSED when the queue ends, or that of ctx.
func (b *backlog) reserve(ctx context.Context) error {
	select {
	case <-b.ended:
		return syscall.ECONNREFUSED
	default:
	}
	select {
	case b.slots <- struct{}{}:
		return nil
	case <-b.ended:
		return syscall.ECONNREFUSED
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *backlog) unreserve() { <-b.slots }

// put fills a place that was reserved. When the queue has ended meanwhile the
// place is given back, and the error is ECONNREFUSED.
func (b *backlog) put(a arrival) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over {
		b.unreserve()
		return syscall.ECONNREFUSED
	}
	b.queue <- a
	b.count()
	return nil
}

// push waits for a place and fills it. Where it fails, see reserve, a is still
// the caller's.
func (b *backlog) push(ctx context.Context, a arrival) error {
	if err := b.reserve(ctx); err != nil {
		return err
	}
	return b.put(a)
}

// pop takes what waits longest and never waits itself. The error is EAGAIN
// where nothing is there, EINVAL where nothing more will come.
func (b *backlog) pop() (arrival, error) {
	select {
	case a := <-b.queue:
		b.took()
		return a, nil
	default:
	}
	select {
	case <-b.ended:
		// What came before the end counts.
		select {
		case a := <-b.queue:
			b.took()
			return a, nil
		default:
			return nil, syscall.EINVAL
		}
	default:
		return nil, syscall.EAGAIN
	}
}

// next is pop that waits.
func (b *backlog) next() (arrival, error) {
	select {
	case a := <-b.queue:
		b.took()
		return a, nil
	case <-b.ended:
		return b.pop()
	}
}

// took keeps the books of something that was taken off the queue.
func (b *backlog) took() {
	b.mu.Lock()
	if b.fd >= 0 {
		var one [8]byte
		_, _ = unix.Read(b.fd, one[:])
	}
	b.mu.Unlock()
	b.unreserve()
}

// count adds one to the descriptor's counter.
func (b *backlog) count() {
	var one [8]byte
	binary.NativeEndian.PutUint64(one[:], 1)
	_, _ = unix.Write(b.fd, one[:])
}

// end lets nothing more in: who waits for a place is refused, what is in the
// queue can still be taken. The descriptor stays readable from now on.
func (b *backlog) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over {
		return
	}
	b.over = true
	close(b.ended)
	b.count()
}

// drop ends the queue and refuses what is in it.
func (b *backlog) drop() {
	b.end()
	for {
		a, err := b.pop()
		if err != nil {
			return
		}
		a.refuse()
	}
}

// close is drop that closes the descriptor, too. Duplicates of it stay readable.
func (b *backlog) close() {
	b.drop()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fd >= 0 {
		_ = unix.Close(b.fd)
		b.fd = -1
	}
}

// duplicate gives a copy of a descriptor, for scripts or as o says kept from
// child processes. The error is a raw errno.
func duplicate(fd int, o Options) (int, error) {
	command := unix.F_DUPFD
	if o.CloseOnExec {
		command = unix.F_DUPFD_CLOEXEC
	}
	return unix.FcntlInt(uintptr(fd), command, 0)
}
