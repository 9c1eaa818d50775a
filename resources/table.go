package resources

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// Handle names a socket within one [Table]. A handle is never given out twice;
// 0 names none.
type Handle uint64

// Info is what a [Table] tells of one socket without asking the kernel.
type Info struct {
	Handle    Handle
	Transport Transport
	Kind      Kind
	FD        int    // -1 where there is no descriptor
	Local     string // names as they were when the socket was made
	Remote    string
	Created   time.Time
	// Persistent: the socket outlives the script that made it.
	Persistent bool
}

// Table holds the sockets of one engine by handle. Its methods may be called
// from any goroutine.
type Table struct {
	mu      sync.Mutex
	last    Handle // the highest handle given out or reserved
	opened  uint64
	sockets map[Handle]*Socket
	source  func()
}

// NewTable makes an empty table.
func NewTable() *Table {
	return &Table{sockets: make(map[Handle]*Socket)}
}

// SetSource names a function that brings the table up to date where the engine
// opens and closes sockets itself and keeps a journal of it. Lookup, Len, List,
// Opened, Persistent, CloseAll and CloseTransient call it first, without a lock held, possibly from several
// goroutines at once; it may call Reserve, Insert, Adopt, Peek and Remove, but
// none of those. nil means none.
func (t *Table) SetSource(sync func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.source = sync
}

func (t *Table) refresh() {
	t.mu.Lock()
	source := t.source
	t.mu.Unlock()
	if source != nil {
		source()
	}
}

// Insert puts a socket into the table and gives it its handle. A socket that is
// in the table already keeps the one it has.
func (t *Table) Insert(s *Socket) Handle {
	t.mu.Lock()
	defer t.mu.Unlock()
	if h := s.Handle(); h != 0 && t.sockets[h] == s {
		return h
	}
	t.last++
	t.put(t.last, s)
	return t.last
}

func (t *Table) put(h Handle, s *Socket) {
	s.handle.Store(uint64(h))
	t.sockets[h] = s
	t.opened++
}

// Reserve sets n consecutive handles aside that the engine gives out itself,
// and returns the first; 0 where n is not positive. The table knows nothing
// under them until [Table.Adopt] is told.
func (t *Table) Reserve(n int) Handle {
	if n <= 0 {
		return 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	first := t.last + 1
	t.last += Handle(n)
	return first
}

// Adopt puts a socket under a handle that was reserved. It does nothing and
// says so where the handle was never reserved or has a socket already.
func (t *Table) Adopt(h Handle, s *Socket) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if h == 0 || h > t.last || t.sockets[h] != nil {
		return false
	}
	t.put(h, s)
	return true
}

// Lookup finds the socket under a handle.
func (t *Table) Lookup(h Handle) (*Socket, bool) {
	t.refresh()
	return t.Peek(h)
}

// Peek is Lookup without bringing the table up to date first, for the function
// given to SetSource.
func (t *Table) Peek(h Handle) (*Socket, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s, ok := t.sockets[h]
	return s, ok
}

// Remove forgets a socket whose descriptor the engine closes or has closed, and
// says whether there was one. Nothing is closed here, and the socket refuses
// further use: its FD is -1 and its operations give EBADF.
func (t *Table) Remove(h Handle) bool {
	t.mu.Lock()
	s, ok := t.sockets[h]
	delete(t.sockets, h)
	t.mu.Unlock()
	if ok {
		s.forget()
	}
	return ok
}

// Len tells how many sockets the table holds.
func (t *Table) Len() int {
	t.refresh()
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.sockets)
}

// List describes the sockets of the table in the order of their handles.
func (t *Table) List() []Info {
	t.refresh()
	t.mu.Lock()
	list := make([]Info, 0, len(t.sockets))
	for h, s := range t.sockets {
		list = append(list, Info{
			Handle: h, Transport: s.Transport(), Kind: s.Kind(), FD: s.FD(),
			Local: s.Local(), Remote: s.Remote(), Created: s.Created(), Persistent: s.Persistent(),
		})
	}
	t.mu.Unlock()
	slices.SortFunc(list, func(a, b Info) int { return cmp.Compare(a.Handle, b.Handle) })
	return list
}

// Opened tells how many sockets were ever put into the table.
func (t *Table) Opened() uint64 {
	t.refresh()
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.opened
}

// CloseAll closes and forgets every socket and tells how many there were.
func (t *Table) CloseAll() int {
	return t.closeWhere(func(*Socket) bool { return true })
}

// CloseTransient closes and forgets every socket that is not persistent and
// tells how many there were.
func (t *Table) CloseTransient() int {
	return t.closeWhere(func(s *Socket) bool { return !s.Persistent() })
}

func (t *Table) closeWhere(chosen func(*Socket) bool) int {
	t.refresh()
	t.mu.Lock()
	var sockets []*Socket
	for h, s := range t.sockets {
		if chosen(s) {
			sockets = append(sockets, s)
			delete(t.sockets, h)
		}
	}
	t.mu.Unlock()
	for _, s := range sockets {
		_ = s.Close()
	}
	return len(sockets)
}

// Persistent tells how many sockets of the table are persistent.
func (t *Table) Persistent() int {
	t.refresh()
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for _, s := range t.sockets {
		if s.Persistent() {
			n++
		}
	}
	return n
}
