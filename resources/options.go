package resources

import "net/netip"

// DefaultBacklog is the length of a listener's queue where no option says
// another.
const DefaultBacklog = 32

// Options are the options of PHP's `socket` context that matter when a socket
// is made. The zero value is what PHP does without a context.
type Options struct {
	// Backlog is the length of a listener's queue, nil for [DefaultBacklog].
	Backlog *int
	// V6Only sets IPV6_V6ONLY of servers before they are bound; nil leaves it
	// to the system.
	V6Only *bool
	// NoReuseAddr leaves SO_REUSEADDR of tcp and udp servers off, which is on
	// otherwise: a port in TIME_WAIT cannot be bound then.
	NoReuseAddr bool
	// ReusePort sets SO_REUSEPORT of tcp and udp servers.
	ReusePort bool
	// Broadcast sets SO_BROADCAST of udp sockets.
	Broadcast bool
	// NoDelay sets TCP_NODELAY of tcp clients. A server's listener is left
	// alone; what it accepts is for [Socket.SetNoDelay].
	NoDelay bool
	// KeepAlive are the keepalive options of tcp servers and clients.
	KeepAlive KeepAlive
	// Linger is SO_LINGER of tcp servers, which hand it on to what they accept,
	// and clients: the seconds that closing waits for the peer to have all
	// data, at most [MaxLinger]. 0 and less do not wait.
	Linger int
	// Buffers are the sizes of the buffers of servers and clients.
	Buffers Buffers
	// BindTo is the local end of tcp and udp clients as PHP writes it,
	// "ip:port" or "[ip6]:port"; see [NewDial].
	BindTo string
	// CloseOnExec keeps the descriptor from child processes, which inherit
	// PHP's sockets otherwise. It goes over to accepted sockets.
	CloseOnExec bool
	// Permit is asked before each address is bound or connected: addr for tcp
	// and udp, unmapped, and otherwise path, as [Attempt] describes them. An
	// error refuses the address, see [Policy]. It is called on the goroutine
	// that binds or dials. nil allows everything and costs nothing.
	Permit func(op Operation, addr netip.AddrPort, path string) error
}

// apply sets what can be set at any time.
func (o Options) apply(t Transport, fd int) {
	if t == TCP {
		o.KeepAlive.apply(fd)
		setLinger(fd, o.Linger)
	}
	o.Buffers.apply(fd)
}

// ListenBacklog gives what [Socket.Listen] is to be called with.
func (o Options) ListenBacklog() int {
	if o.Backlog == nil {
		return DefaultBacklog
	}
	return *o.Backlog
}
