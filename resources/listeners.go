package resources

import (
	"cmp"
	"errors"
	"net"
	"slices"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// Listeners are listeners and datagram sockets that outlive scripts: what the
// host provides, what another process has handed over, and what scripts have
// opened and [Listeners.Keep] was told to keep. A script that binds the address
// of one of them gets it, with the connections that wait in its queue, and
// leaves it behind for the next script when it ends.
//
// Addresses are what scripts write: "tcp://0.0.0.0:8080", "udp://[::1]:53",
// "unix:///run/app.sock", "udg:///run/log.sock", "mem://name", a name of the
// abstract namespace with its leading NUL. They need not be what the listener
// has. Numeric hosts are compared as the addresses they mean, names of hosts as
// they are written, and paths as absolute ones.
//
// The zero value is empty. All methods may be called from any goroutine.
type Listeners struct {
	mu     sync.Mutex
	list   []*Provided
	closed bool
}

// NewListeners makes an empty set.
func NewListeners() *Listeners { return &Listeners{} }

// Provide gives a listener to the scripts that bind the address, one after
// another. It is taken over as [FromListener] does: a *[net.TCPListener] or
// *[net.UnixListener] gives its descriptor away, from any other listener
// connections are accepted, up to [DefaultBacklog] of them ahead of a script,
// until the Provided and the script's socket are closed. The file of a unix
// socket is left to [Provided.Close].
//
// The error is an [*Error], upon which the listener is still the caller's: Op
// "parse" where nobody can accept connections on such an address; Op "listen"
// with EADDRINUSE where the address has been provided or kept already, or with
// what the system says.
func (l *Listeners) Provide(address string, nl net.Listener) (*Provided, error) {
	a, err := l.parse(address, false)
	if err != nil {
		return nil, err
	}
	return l.provide(a, nl.Addr(), func(p *Provided) error {
		file := fileToUnlink(nl)
		fd, ok, err := takeListener(nl, Options{CloseOnExec: true})
		if ok {
			p.supply, p.unlink = &kernelSupply{fd, KindListener}, file
			return nil
		}
		if err != nil {
			return err
		}
		acceptor, err := acceptFrom(nl, a.transport, Options{})
		if err == nil {
			p.supply = queueSupply{acceptor}
		}
		return err
	})
}

// ProvidePacket is Provide for datagrams, "udp://" and "udg://". It takes the
// socket over as [FromPacketConn] does.
func (l *Listeners) ProvidePacket(address string, pc net.PacketConn) (*Provided, error) {
	a, err := l.parse(address, true)
	if err != nil {
		return nil, err
	}
	return l.provide(a, pc.LocalAddr(), func(p *Provided) error {
		s, err := FromPacketConn(pc, a.transport, Options{CloseOnExec: true})
		if err != nil {
			return err
		}
		if s.Virtual() {
			p.supply = packetSupply{s}
		} else {
			p.supply = &kernelSupply{s.take(), KindBound}
		}
		return nil
	})
}

// parse reads an address for streams or for datagrams.
func (l *Listeners) parse(address string, packets bool) (listenAddress, error) {
	a, err := parseListenAddress(address)
	if err == nil && a.isPacket() != packets {
		text := "Datagrams need udp:// or udg://"
		if !packets {
			text = "Connections need tcp://, unix:// or mem://"
		}
		err = &Error{Op: "parse", Address: address, Text: text}
	}
	return a, err
}

// provide adds a Provided that begin has filled in.
func (l *Listeners) provide(a listenAddress, addr net.Addr, begin func(*Provided) error) (*Provided, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, sysError("listen", a.String(), syscall.EBADF)
	}
	if slices.ContainsFunc(l.list, func(p *Provided) bool { return p.address == a }) {
		return nil, sysError("listen", a.String(), syscall.EADDRINUSE)
	}
	p := &Provided{owner: l, address: a, addr: addr}
	if err := begin(p); err != nil {
		return nil, sysError("listen", a.String(), err)
	}
	l.list = append(l.list, p)
	return p, nil
}

// add adds a socket of the kernel, which may be one of several that share an
// address.
func (l *Listeners) add(a listenAddress, addr net.Addr, k *kernelSupply, unlink *socketFile) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return syscall.EBADF
	}
	l.list = append(l.list, &Provided{owner: l, address: a, addr: addr, supply: k, unlink: unlink})
	return nil
}

// Take makes the socket for a script that binds an address, if there is
// something under it; ok tells. The socket is a listener, or for udp and udg a
// bound socket, with its own duplicate of the descriptor. Of the options those
// are set that can be set once a socket is bound; Options.Permit is not asked,
// because the host has decided already.
//
// A listener on all addresses of IPv6 that serves IPv4, too, counts for
// "0.0.0.0" of the same port.
//
// The error is an [*Error] with Op "bind", EADDRINUSE while a socket that was
// taken earlier is open. With Options.ReusePort, which lets a port be bound
// several times, ok is false instead.
func (l *Listeners) Take(t Transport, target string, o Options) (s *Socket, ok bool, err error) {
	address := canonical(t, target)
	candidates := l.find(address)
	if both, ok := address.bothFamilies(); ok && len(candidates) == 0 {
		candidates = slices.DeleteFunc(l.find(both), func(p *Provided) bool { return !p.servesIPv4() })
	}
	taken := false
	for _, p := range candidates {
		s, err := p.take(t, o)
		switch {
		case err == nil:
			return s, true, nil
		case errors.Is(err, errTaken):
			taken = true
		case !errors.Is(err, errGone):
			return nil, true, sysError("bind", target, err)
		}
	}
	if !taken || o.ReusePort && (t == TCP || t == UDP) {
		return nil, false, nil
	}
	return nil, true, sysError("bind", target, syscall.EADDRINUSE)
}

// find gives what is under an address.
func (l *Listeners) find(a listenAddress) []*Provided {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []*Provided
	for _, p := range l.list {
		if p.address == a {
			found = append(found, p)
		}
	}
	return found
}

// Keep keeps what a script has bound for the next one that binds the same
// target: it is to be called after [Socket.Listen], or for udp and udg after the
// bind, and before [Throttle]. A socket that was taken is kept already. Where the system chooses the
// address, as for port 0, nothing is kept, because every bind is to give another
// one. The error is an [*Error] with Op "listen".
func (l *Listeners) Keep(target string, s *Socket) error {
	a := canonical(s.Transport(), target)
	if a.fresh {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return sysError("listen", target, syscall.EBADF)
	}
	if slices.ContainsFunc(l.list, func(p *Provided) bool { return p.isTakenBy(s) }) {
		return nil
	}
	p := &Provided{owner: l, address: a, addr: netAddr(a.transport, s.Local()), taken: s}
	var err error
	if p.supply, err = keptSupply(s); err != nil {
		return sysError("listen", target, err)
	}
	l.list = append(l.list, p)
	return nil
}

// keptSupply makes a supply of what a script has. The error is a raw errno,
// EINVAL where it is neither a listener nor bound for datagrams.
func keptSupply(s *Socket) (supply, error) {
	kind, want := s.Kind(), KindListener
	if isDatagram(s.transport) {
		want = KindBound
	}
	if kind != want {
		return nil, syscall.EINVAL
	}
	if s.virtual != nil && s.virtual.shared != nil {
		if !s.virtual.shared.hold() {
			return nil, syscall.EBADF
		}
		return queueSupply{s.virtual.shared}, nil
	}
	fd := -1
	err := s.do(func(original int) (errno syscall.Errno) {
		copied, err := duplicate(original, Options{CloseOnExec: true})
		if err != nil {
			return errnoOf(err)
		}
		fd = copied
		return 0
	})
	switch {
	case err != nil:
		return nil, err
	case s.virtual == nil:
		return &kernelSupply{fd, kind}, nil
	case !s.virtual.framed:
		_ = unix.Close(fd)
		return nil, syscall.EINVAL
	}
	kept := newVirtual(s.transport, kind, fd, Options{CloseOnExec: true}, s.virtual)
	kept.local = s.local
	return packetSupply{kept}, nil
}

// List gives what is there in the order of the addresses.
func (l *Listeners) List() []*Provided {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := slices.Clone(l.list)
	slices.SortStableFunc(list, func(a, b *Provided) int { return cmp.Compare(a.Address(), b.Address()) })
	return list
}

// Close closes everything, as [Provided.Close] does, and takes nothing more in. A
// second call does nothing.
func (l *Listeners) Close() error {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	var failed []error
	for _, p := range l.List() {
		failed = append(failed, p.Close())
	}
	return errors.Join(failed...)
}

// remove forgets one.
func (l *Listeners) remove(p *Provided) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = slices.DeleteFunc(l.list, func(other *Provided) bool { return other == p })
}
