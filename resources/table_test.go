package resources

import (
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestTableHandles(t *testing.T) {
	table := NewTable()
	a, b, c := Unbound(TCP), Unbound(UDP), Unbound(Unix)
	require.Zero(t, a.Handle())
	require.Equal(t, Handle(1), table.Insert(a))
	require.Equal(t, Handle(1), table.Insert(a), "again")
	require.Equal(t, Handle(1), a.Handle())
	require.Equal(t, Handle(2), table.Insert(b))
	require.True(t, table.Remove(2))
	require.False(t, table.Remove(2))
	require.False(t, table.Remove(0))
	require.Equal(t, Handle(3), table.Insert(c), "never given out twice")
	require.Equal(t, 2, table.Len())
	require.EqualValues(t, 3, table.Opened())

	got, ok := table.Lookup(3)
	require.True(t, ok)
	require.Same(t, c, got)
	_, ok = table.Lookup(2)
	require.False(t, ok)
	require.Equal(t, Handle(2), b.Handle(), "kept for the record")

	other := NewTable()
	require.Equal(t, Handle(1), other.Insert(Unbound(TCP)))
	require.Equal(t, Handle(2), other.Insert(b))
}

func TestTableReserve(t *testing.T) {
	table := NewTable()
	require.Equal(t, Handle(1), table.Insert(Unbound(TCP)))
	require.Zero(t, table.Reserve(0))
	require.Zero(t, table.Reserve(-5))
	first := table.Reserve(10)
	require.Equal(t, Handle(2), first)
	require.Equal(t, Handle(12), table.Insert(Unbound(TCP)))
	require.Equal(t, Handle(13), table.Reserve(1))
	require.Equal(t, 2, table.Len(), "nothing is known under reserved handles")
	require.EqualValues(t, 2, table.Opened())

	s := Adopted(TCP, -1, "127.0.0.1:1", "127.0.0.1:2", time.Now())
	require.True(t, table.Adopt(first+3, s))
	require.Equal(t, first+3, s.Handle())
	require.False(t, table.Adopt(first+3, Unbound(TCP)), "taken")
	require.False(t, table.Adopt(0, Unbound(TCP)))
	require.False(t, table.Adopt(14, Unbound(TCP)), "not reserved")
	got, ok := table.Lookup(first + 3)
	require.True(t, ok)
	require.Same(t, s, got)
	require.EqualValues(t, 3, table.Opened())
}

func TestTableList(t *testing.T) {
	table := NewTable()
	l := listen(t, Options{})
	conn := Adopted(TCP, 1<<20, "127.0.0.1:1", "127.0.0.1:2", time.Now())
	h := table.Reserve(1)
	table.Insert(l)
	unbound := Unbound(Udg)
	table.Insert(unbound)
	require.True(t, table.Adopt(h, conn))
	table.SetCounts(func() map[Handle]Traffic { return map[Handle]Traffic{h: {In: 5, Out: 7}} })
	require.Equal(t, []Info{
		{Handle: 1, Transport: TCP, Kind: KindConn, FD: 1 << 20, Local: "127.0.0.1:1", Remote: "127.0.0.1:2", Created: conn.Created(), Accepted: true, BytesIn: 5, BytesOut: 7},
		{Handle: 2, Transport: TCP, Kind: KindListener, FD: l.FD(), Local: l.Local(), Created: l.Created()},
		{Handle: 3, Transport: Udg, FD: -1, Created: unbound.Created()},
	}, table.List())
	require.True(t, table.Remove(h))
}

// The engine closes and the kernel gives the number to somebody else.
func TestTableRemoveDoesNotClose(t *testing.T) {
	table := NewTable()
	s := bind(t, UDP, Options{})
	fd := s.FD()
	require.True(t, table.Remove(table.Insert(s)))
	require.Equal(t, -1, s.FD())
	require.NoError(t, s.Close())
	_, err := s.Name(false)
	require.Equal(t, error(syscall.EBADF), err)
	require.Regexp(t, "^127", s.Local(), "still on record")
	_, err = unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	require.NoError(t, err, "open")
	require.NoError(t, unix.Close(fd))
}

func TestTableCloseAll(t *testing.T) {
	table := NewTable()
	s := bind(t, UDP, Options{})
	fd := s.FD()
	table.Insert(s)
	table.Insert(Unbound(TCP))
	require.Equal(t, 2, table.CloseAll())
	require.Equal(t, 0, table.CloseAll())
	require.Zero(t, table.Len())
	require.Empty(t, table.List())
	_, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	require.Equal(t, error(syscall.EBADF), err)
	require.Equal(t, Handle(3), table.Insert(Unbound(TCP)))
}

func TestTableSource(t *testing.T) {
	table := NewTable()
	first := table.Reserve(100)
	calls := 0
	table.SetSource(func() {
		table.Adopt(first+Handle(calls), Unbound(TCP))
		table.Remove(first + Handle(calls) - 1)
		calls++
	})
	require.Equal(t, 1, table.Len())
	_, ok := table.Lookup(first + 1)
	require.True(t, ok)
	require.Equal(t, first+2, table.List()[0].Handle)
	require.EqualValues(t, 4, table.Opened())
	require.Equal(t, 1, table.CloseAll())
	require.Equal(t, 5, calls)
	table.SetSource(nil)
	require.Zero(t, table.Len())
	require.Equal(t, 5, calls)
}

func TestTableConcurrently(t *testing.T) {
	table := NewTable()
	table.SetSource(func() { table.Adopt(table.Reserve(1), Unbound(Unix)) })
	shared := bind(t, UDP, Options{})
	table.Insert(shared)
	var mu sync.Mutex
	seen := make(map[Handle]bool)
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for range 100 {
				s := Unbound(TCP)
				h := table.Insert(s)
				mu.Lock()
				if seen[h] {
					t.Errorf("handle %d twice", h)
				}
				seen[h] = true
				mu.Unlock()
				table.Lookup(h)
				table.Len()
				_, _, _ = shared.RecvFrom(make([]byte, 1), 0)
				_ = shared.Kind()
				table.Remove(h)
				_ = s.Close()
			}
			table.List()
			_ = shared.Close()
		})
	}
	workers.Wait()
	require.Len(t, seen, 800)
	table.SetSource(nil)
	require.Positive(t, table.CloseAll())
	require.Zero(t, table.Len())
}

func BenchmarkTableLookup(b *testing.B) {
	table := NewTable()
	h := table.Insert(Unbound(TCP))
	for b.Loop() {
		table.Lookup(h)
	}
}
