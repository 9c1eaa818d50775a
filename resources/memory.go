package resources

import (
	"context"
	"errors"
	"net"
	"strconv"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// Mem is the transport of connections within the program, "mem://name"; see
// [Memory].
const Mem Transport = "mem"

// Memory is a network within the program, on which Go code and scripts listen
// and dial by name: no port is taken and nobody outside can connect. Any bytes
// make a name. A connection is a pair of sockets of the kernel without a copy in
// between, so that deadlines, half-close, full buffers and a script's select are
// the kernel's.
//
// The address of a listener is its name, also for those who connect to it. A
// client is called after it, with a number that no other client of the Memory
// has: "name#3".
//
// A listener that is closed refuses those who wait in its queue: they find their
// connection closed, or reset if they have written to it already.
//
// The zero value is an empty network. All methods may be called from any
// goroutine.
type Memory struct {
	mu        sync.Mutex
	listeners map[string]*acceptor
	last      uint64 // number of the latest client or nameless listener
}

// NewMemory makes an empty network.
func NewMemory() *Memory { return &Memory{} }

// Listen makes a listener for Go code, with a queue of [DefaultBacklog]
// connections. An empty name is replaced by one that is free, see the listener's
// Addr. Its connections have CloseRead, CloseWrite and SyscallConn besides the
// methods of [net.Conn]. The error is a [*net.OpError] with the errno EADDRINUSE
// where somebody listens under the name.
func (m *Memory) Listen(name string) (net.Listener, error) {
	a, err := m.listen(name, DefaultBacklog)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: string(Mem), Addr: memAddr(name), Err: err}
	}
	return &memListener{acceptor: a}, nil
}

// Dial connects to a listener, of Go code or of a script, and waits while its
// queue is full. The connection can be used before it is accepted. It has
// CloseRead, CloseWrite and SyscallConn besides the methods of [net.Conn]. The
// error is a [*net.OpError] with the errno ECONNREFUSED where nobody listens, or
// with the error of ctx.
func (m *Memory) Dial(ctx context.Context, name string) (net.Conn, error) {
	conn, err := m.dial(ctx, name, Options{})
	if err == nil {
		var c net.Conn
		if c, err = conn.goConn(); err == nil {
			return c, nil
		}
	}
	return nil, &net.OpError{Op: "dial", Net: string(Mem), Addr: memAddr(name), Err: err}
}

// DialContext is Dial in the form that [net/http.Transport] and other clients
// take. Any network will do. Where nobody listens under the whole address, a
// port after a colon is left out of it: "http://web/" is for the listener "web".
func (m *Memory) DialContext(ctx context.Context, _, address string) (net.Conn, error) {
	if host, _, err := net.SplitHostPort(address); err == nil && m.find(address) == nil {
		address = host
	}
	return m.Dial(ctx, address)
}

// Bind makes a script's listener, with a queue of the length that
// Options.Backlog says. It listens at once: [Socket.Listen] need not be called.
// An empty name is replaced by one that is free. The error is an [*Error] with
// Op "bind": EADDRINUSE where somebody listens under the name, or what
// Options.Permit says.
func (m *Memory) Bind(name string, o Options) (*Socket, error) {
	if refusal := o.refusesName(OpListen, name, name); refusal != nil {
		return nil, refusal
	}
	a, err := m.listen(name, o.ListenBacklog())
	if err != nil {
		return nil, sysError("bind", name, err)
	}
	defer a.release()
	s, err := a.socket(o)
	if err != nil {
		return nil, sysError("bind", name, err)
	}
	return s, nil
}

// Connect is Dial for a script: it waits while the listener's queue is full. The
// error is an [*Error] with Op "connect": ECONNREFUSED where nobody listens,
// ETIMEDOUT after a deadline of ctx, ECANCELED when ctx is cancelled, or what
// Options.Permit says.
func (m *Memory) Connect(ctx context.Context, name string, o Options) (*Socket, error) {
	if refusal := o.refusesName(OpDial, name, name); refusal != nil {
		return nil, refusal
	}
	conn, err := m.dial(ctx, name, o)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		err = syscall.ETIMEDOUT
	case errors.Is(err, context.Canceled):
		err = syscall.ECANCELED
	}
	if err != nil {
		return nil, sysError("connect", name, err)
	}
	s, err := conn.open(Mem, o)
	if err != nil {
		return nil, sysError("connect", name, err)
	}
	return s, nil
}

// listen makes a listener that the caller holds. The error is a raw errno.
func (m *Memory) listen(name string, backlog int) (*acceptor, error) {
	if name != "" && m.find(name) != nil {
		return nil, syscall.EADDRINUSE
	}
	queue, err := newBacklog(backlog)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if name == "" {
		for name = m.numbered(""); m.listeners[name] != nil; {
			name = m.numbered("")
		}
	}
	if m.listeners[name] != nil {
		queue.close()
		return nil, syscall.EADDRINUSE
	}
	a := newAcceptor(Mem, memAddr(name), queue, func() { m.forget(name) })
	if m.listeners == nil {
		m.listeners = make(map[string]*acceptor)
	}
	m.listeners[name] = a
	return a, nil
}

// find gives the listener under a name, nil where there is none.
func (m *Memory) find(name string) *acceptor {
	look := func() *acceptor {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.listeners[name]
	}
	a := look()
	if a != nil {
		a.refresh()
		a = look()
	}
	return a
}

func (m *Memory) forget(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.listeners, name)
}

// numbered makes a name that was never given out; mu is held.
func (m *Memory) numbered(name string) string {
	m.last++
	return name + "#" + strconv.FormatUint(m.last, 10)
}

// dial puts one end of a new connection into a listener's queue and gives the
// other. The error is a raw errno or that of ctx.
func (m *Memory) dial(ctx context.Context, name string, o Options) (memEnd, error) {
	if err := ctx.Err(); err != nil {
		return memEnd{}, err
	}
	a := m.find(name)
	if a == nil {
		return memEnd{}, syscall.ECONNREFUSED
	}
	if err := a.queue.reserve(ctx); err != nil {
		return memEnd{}, err
	}
	fds, err := m.pair(ctx, a)
	if err != nil {
		a.queue.unreserve()
		return memEnd{}, err
	}
	o.Buffers.apply(fds[0])
	m.mu.Lock()
	client := m.numbered(name)
	m.mu.Unlock()
	if err := a.queue.put(memEnd{fds[1], name, client}); err != nil {
		_ = unix.Close(fds[0])
		_ = unix.Close(fds[1])
		return memEnd{}, err
	}
	return memEnd{fds[0], client, name}, nil
}

// pair makes the two ends once the listener's rate allows it.
func (m *Memory) pair(ctx context.Context, a *acceptor) ([2]int, error) {
	if err := a.admit(ctx); err != nil {
		return [2]int{}, err
	}
	return unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
}

// memAddr is a name on a [Memory] as an address.
type memAddr string

func (memAddr) Network() string  { return string(Mem) }
func (a memAddr) String() string { return string(a) }
