package faultnet

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Dialer makes connections; [*net.Dialer] is one.
type Dialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

// ListenConfig makes listeners and packet sockets; [*net.ListenConfig] is one.
type ListenConfig interface {
	Listen(ctx context.Context, network, address string) (net.Listener, error)
	ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error)
}

// Config says what lies below a [Network] and what goes wrong on it.
type Config struct {
	// Dialer makes the connections; nil is a zero [net.Dialer].
	Dialer Dialer
	// ListenConfig makes the listeners; nil is a zero [net.ListenConfig].
	ListenConfig ListenConfig
	// Rules are the faults.
	Rules []Rule
	// Seed is what chance follows from.
	Seed uint64
	// OnInject, if set, hears of each injection before it takes effect, on the
	// goroutine that meets it. A test can so act while something hangs.
	OnInject func(Injection)
}

// Network is a [Dialer] and a [ListenConfig] with faults. Its methods may be
// called from any goroutine.
type Network struct {
	dialer   Dialer
	listen   ListenConfig
	seed     uint64
	onInject func(Injection)
	book     atomic.Pointer[rulebook]
	journal  journal
	starts   tally // of Dial and Listen

	mu      sync.Mutex // for what follows, and for changing the rules
	numbers map[numbered]int
}

// rulebook holds the rules that are in force. It is replaced, never changed.
type rulebook struct {
	first  int // number of the first rule
	rules  []Rule
	healed chan struct{} // closed by Heal
}

// numbered is what is counted from 1.
type numbered struct {
	listener bool
	side     Side
}

// New makes a network. It panics where a rule can never do what it says, such as
// one without Op, or one that is to drop accepts.
func New(c Config) *Network {
	n := &Network{dialer: c.Dialer, listen: c.ListenConfig, seed: c.Seed, onInject: c.OnInject,
		numbers: map[numbered]int{}}
	if n.dialer == nil {
		n.dialer = &net.Dialer{}
	}
	if n.listen == nil {
		n.listen = &net.ListenConfig{}
	}
	n.book.Store(&rulebook{healed: make(chan struct{})})
	n.Add(c.Rules...)
	return n
}

// Add adds rules, also to the connections that there are. They begin to count
// now. Add panics as [New] does.
func (n *Network) Add(rules ...Rule) {
	n.mu.Lock()
	defer n.mu.Unlock()
	old := n.book.Load()
	for i := range rules {
		if err := rules[i].check(); err != nil {
			panic(fmt.Sprintf("faultnet: rule %d: %v", old.first+len(old.rules)+i, err))
		}
	}
	n.book.Store(&rulebook{first: old.first, healed: old.healed, rules: slices.Concat(old.rules, rules)})
}

// Heal takes all rules away. What hangs because of [Hang] goes on; what was
// reset, truncated, half-open or lost stays so.
func (n *Network) Heal() {
	n.mu.Lock()
	defer n.mu.Unlock()
	old := n.book.Load()
	n.book.Store(&rulebook{first: old.first + len(old.rules), healed: make(chan struct{})})
	close(old.healed)
}

// Injected gives what was injected so far, in order, but no more than the first
// [LogLimit].
func (n *Network) Injected() []Injection { return n.journal.injected() }

// Count gives how often the rule with this index has struck; see
// [Injection.Rule].
func (n *Network) Count(rule int) int { return n.journal.count(rule) }

func (n *Network) note(i Injection) {
	n.journal.add(i)
	if n.onInject != nil {
		n.onInject(i)
	}
}

// DialContext connects. A dial that hangs fails when ctx ends, with its error.
// All failures of its own are a [*net.OpError] with Op "dial".
func (n *Network) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if err := n.start(ctx, Dial, network, address); err != nil {
		return nil, err
	}
	conn, err := n.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return n.wrap(conn, network, address), nil
}

// Listen makes a listener. All failures of its own are a [*net.OpError] with Op
// "listen".
func (n *Network) Listen(ctx context.Context, network, address string) (net.Listener, error) {
	if err := n.start(ctx, Listen, network, address); err != nil {
		return nil, err
	}
	l, err := n.listen.Listen(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return n.wrapListener(l, network, address), nil
}

// ListenPacket makes a socket for datagrams. All failures of its own are a
// [*net.OpError] with Op "listen".
func (n *Network) ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error) {
	if err := n.start(ctx, Listen, network, address); err != nil {
		return nil, err
	}
	pc, err := n.listen.ListenPacket(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return n.wrapPacketConn(pc, network, address), nil
}

// Conn puts the faults on a connection that was made elsewhere, as one of the
// [Client] side. It belongs to what is returned.
func (n *Network) Conn(c net.Conn) net.Conn {
	return n.wrap(c, networkOf(c.LocalAddr()), textOf(c.RemoteAddr()))
}

// Listener puts the faults on a listener that was made elsewhere and on what it
// accepts. It belongs to what is returned.
func (n *Network) Listener(l net.Listener) net.Listener {
	return n.wrapListener(l, networkOf(l.Addr()), textOf(l.Addr()))
}

// PacketConn puts the faults on a packet socket that was made elsewhere. It
// belongs to what is returned.
func (n *Network) PacketConn(pc net.PacketConn) net.PacketConn {
	return n.wrapPacketConn(pc, networkOf(pc.LocalAddr()), textOf(pc.LocalAddr()))
}

// start lets the rules for Dial and Listen do their work.
func (n *Network) start(ctx context.Context, op Op, network, address string) error {
	s := subject{faults: n, network: network, address: address, tally: &n.starts}
	v := s.decide(operation{op: op})
	var err error
	if v.delay > 0 {
		timer := time.NewTimer(v.delay)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case <-timer.C:
		}
	}
	if v.do == Hang && err == nil {
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case <-v.healed:
		}
	}
	if err == nil && v.err != nil {
		err = sysError(op, false, v.err)
	}
	if err == nil {
		return nil
	}
	return &net.OpError{Op: op.String(), Net: network, Addr: addr{network, address}, Err: err}
}

// number gives the next number of its kind.
func (n *Network) number(what numbered) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.numbers[what]++
	return n.numbers[what]
}

// addr is an address of which only the text is known.
type addr struct{ network, text string }

func (a addr) Network() string { return a.network }
func (a addr) String() string  { return a.text }

func networkOf(a net.Addr) string {
	if a == nil {
		return ""
	}
	return a.Network()
}

func textOf(a net.Addr) string {
	if a == nil {
		return ""
	}
	return a.String()
}

func forDatagrams(network string) bool {
	return network == "unixgram" || strings.HasPrefix(network, "udp") || strings.HasPrefix(network, "ip")
}
