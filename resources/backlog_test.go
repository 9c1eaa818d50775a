package resources

import (
	"context"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// numbered is an arrival that can be told from others.
type numbered struct {
	number  int
	refused *atomic.Int32
}

func (n numbered) open(Transport, Options) (*Socket, error) { return nil, syscall.ENOSYS }
func (n numbered) refuse()                                  { n.refused.Add(1) }

func makeBacklog(t *testing.T, limit int) (*backlog, func(int) numbered, *atomic.Int32) {
	t.Helper()
	b, err := newBacklog(limit)
	require.NoError(t, err)
	t.Cleanup(b.close)
	var refused atomic.Int32
	return b, func(n int) numbered { return numbered{n, &refused} }, &refused
}

func TestBacklogOrder(t *testing.T) {
	b, item, refused := makeBacklog(t, 3)
	_, err := b.pop()
	require.Equal(t, error(syscall.EAGAIN), err)
	require.False(t, poll(t, b.fd, unix.POLLIN, 0))
	for i := range 3 {
		require.NoError(t, b.push(context.Background(), item(i)))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, b.push(ctx, item(3)), context.Canceled, "full")
	for i := range 3 {
		require.True(t, poll(t, b.fd, unix.POLLIN, 0), "once for each")
		a, err := b.pop()
		require.NoError(t, err)
		require.Equal(t, i, a.(numbered).number)
	}
	require.False(t, poll(t, b.fd, unix.POLLIN, 0))
	require.Zero(t, refused.Load())
}

func TestBacklogLimit(t *testing.T) {
	for limit, want := range map[int]int{-1: maxBacklog, 0: 1, 1: 1, 32: 32, 1 << 20: maxBacklog} {
		b, _, _ := makeBacklog(t, limit)
		require.Equal(t, want, cap(b.queue), limit)
	}
}

// All duplicates tell the same, and closing one takes nothing from the others.
func TestBacklogDescriptors(t *testing.T) {
	b, item, _ := makeBacklog(t, 4)
	var fds []int
	for _, o := range []Options{{}, {CloseOnExec: true}} {
		fd, err := b.descriptor(o)
		require.NoError(t, err)
		fds = append(fds, fd)
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		require.NoError(t, err)
		require.Equal(t, o.CloseOnExec, flags&unix.FD_CLOEXEC != 0)
	}
	require.NoError(t, b.push(context.Background(), item(1)))
	for _, fd := range fds {
		require.True(t, poll(t, fd, unix.POLLIN, 0))
	}
	_, err := b.pop()
	require.NoError(t, err)
	for _, fd := range fds {
		require.False(t, poll(t, fd, unix.POLLIN, 0))
	}
	require.NoError(t, unix.Close(fds[0]))
	require.NoError(t, b.push(context.Background(), item(2)))
	require.True(t, poll(t, fds[1], unix.POLLIN, 0))
	require.NoError(t, unix.Close(fds[1]))
}

// Who waits for a place goes on when there is one, or when there will be none.
func TestBacklogWaiting(t *testing.T) {
	b, item, refused := makeBacklog(t, 1)
	require.NoError(t, b.push(context.Background(), item(1)))
	pushed := make(chan error, 2)
	push := func(n int) { pushed <- b.push(context.Background(), item(n)) }
	go push(2)
	a, err := b.next()
	require.NoError(t, err)
	require.Equal(t, 1, a.(numbered).number)
	require.NoError(t, <-pushed)
	go push(3)
	b.close()
	require.Equal(t, error(syscall.ECONNREFUSED), <-pushed)
	require.EqualValues(t, 1, refused.Load(), "what waited in the queue")
	require.Equal(t, error(syscall.ECONNREFUSED), b.push(context.Background(), item(4)))
	_, err = b.descriptor(Options{})
	require.Equal(t, error(syscall.EBADF), err)
	b.close()
}

// What came before the end can still be taken; afterwards poll does not wait and
// accept fails.
func TestBacklogEnd(t *testing.T) {
	b, item, refused := makeBacklog(t, 2)
	fd, err := b.descriptor(Options{})
	require.NoError(t, err)
	defer func() { _ = unix.Close(fd) }()
	require.NoError(t, b.push(context.Background(), item(1)))
	require.NoError(t, b.reserve(context.Background()))
	b.end()
	b.end()
	require.Equal(t, error(syscall.ECONNREFUSED), b.put(item(2)))
	require.Equal(t, error(syscall.ECONNREFUSED), b.reserve(context.Background()))
	a, err := b.pop()
	require.NoError(t, err)
	require.Equal(t, 1, a.(numbered).number)
	for range 2 {
		require.True(t, poll(t, fd, unix.POLLIN, 0))
		_, err = b.pop()
		require.Equal(t, error(syscall.EINVAL), err)
		_, err = b.next()
		require.Equal(t, error(syscall.EINVAL), err)
	}
	b.close()
	require.True(t, poll(t, fd, unix.POLLIN, 0))
	require.Zero(t, refused.Load())
}

func TestBacklogConcurrent(t *testing.T) {
	b, item, _ := makeBacklog(t, 3)
	const each, pushers = 200, 4
	var wg sync.WaitGroup
	for range pushers {
		wg.Go(func() {
			for n := range each {
				if b.push(context.Background(), item(n)) != nil {
					return
				}
			}
		})
	}
	var taken atomic.Int32
	for range 3 {
		wg.Go(func() {
			for taken.Load() < each*pushers {
				require.True(t, poll(t, b.fd, unix.POLLIN, patience))
				if _, err := b.pop(); err == nil && taken.Add(1) == each*pushers {
					b.end()
				}
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, each*pushers, taken.Load())
	_, err := b.pop()
	require.Equal(t, error(syscall.EINVAL), err)
}
