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
	// Accepted: the socket came out of a listener's queue; connections that are not
	// were dialled.
	Accepted bool
	// Virtual: the socket lives in the Go program, and goroutines carry its bytes to
	// and from the descriptor that the script has.
	Virtual bool
	// BytesIn and BytesOut tell how many bytes the socket has received and sent so
	// far.
	BytesIn, BytesOut uint64
}

// Info describes the socket as far as it knows itself. Of its traffic it knows
// what went through its methods; [Table.List] adds what the engine has counted.
func (s *Socket) Info() Info {
	return Info{
		Handle: s.Handle(), Transport: s.Transport(), Kind: s.Kind(), FD: s.FD(),
		Local: s.Local(), Remote: s.Remote(), Created: s.Created(),
		Persistent: s.Persistent(), Accepted: s.accepted, Virtual: s.Virtual(),
		BytesIn: s.received.Load(), BytesOut: s.sent.Load(),
	}
}

// Table holds the sockets of one engine by handle. Its methods may be called
// from any goroutine.
type Table struct {
	mu      sync.Mutex
	last    Handle // the highest handle given out or reserved
	opened  uint64
	sockets map[Handle]*Socket
	source  func()
	counts  func() map[Handle]Traffic
}

// Traffic is how many bytes a socket has received and sent.
type Traffic struct{ In, Out uint64 }

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

// SetCounts names a function that tells what the engine has counted of the
// sockets that are open, for [Table.List], which calls it without a lock held.
func (t *Table) SetCounts(counts func() map[Handle]Traffic) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts = counts
}

// Sync brings the table up to date, so that what the engine has closed is
// closed for the host, too.
func (t *Table) Sync() { t.refresh() }

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
	s.table.Store(t)
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

// Replace puts s under the handle of another socket, which refuses further use
// but whose descriptor stays open. It does nothing and says so where the handle
// has no socket.
func (t *Table) Replace(h Handle, s *Socket) bool {
	t.refresh()
	t.mu.Lock()
	old, ok := t.sockets[h]
	if ok {
		s.handle.Store(uint64(h))
		s.table.Store(t)
		t.sockets[h] = s
	}
	t.mu.Unlock()
	if ok {
		old.forget()
	}
	return ok
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
	for _, s := range t.sockets {
		list = append(list, s.Info())
	}
	counts := t.counts
	t.mu.Unlock()
	if counts != nil {
		traffic := counts()
		for i := range list {
			list[i].BytesIn += traffic[list[i].Handle].In
			list[i].BytesOut += traffic[list[i].Handle].Out
		}
	}
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
