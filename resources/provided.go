package resources

import (
	"errors"
	"net"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// Provided is one listener or datagram socket among [Listeners]. Its methods may
// be called from any goroutine.
type Provided struct {
	owner   *Listeners
	address listenAddress
	addr    net.Addr

	mu     sync.Mutex
	supply supply      // nil: closed
	unlink *socketFile // what Close removes
	taken  *Socket
}

// supply is where the sockets for scripts come from.
type supply interface {
	// socket makes one more. The error is a raw errno.
	socket(t Transport, o Options) (*Socket, error)
	// close lets go of it; sockets that were made go on.
	close()
}

// errTaken: a script has it. errGone: it was closed.
var (
	errTaken = errors.New("taken")
	errGone  = errors.New("gone")
)

// Address gives what scripts bind, in the form in which addresses are compared:
// "tcp://127.0.0.1:80" where "tcp://127.1:80" was provided, and an absolute path.
func (p *Provided) Address() string { return p.address.String() }

// Addr gives the address that the listener has.
func (p *Provided) Addr() net.Addr { return p.addr }

// Taken tells whether a script has it open.
func (p *Provided) Taken() bool {
	p.mu.Lock()
	taken := p.taken
	p.mu.Unlock()
	return taken != nil && taken.alive()
}

// Close takes it out of the [Listeners] and closes what Go has of it. A script
// that has it open keeps it until it closes it; connections that wait are
// refused once nobody has it. The file of a unix socket is removed if closing
// the [net.UnixListener] that was provided would have done that, and no other
// process was given the socket; that of a listener that a script made stays, as
// PHP leaves it. A second call does nothing.
func (p *Provided) Close() error {
	p.owner.remove(p)
	p.mu.Lock()
	supply, file := p.supply, p.unlink
	p.supply, p.unlink = nil, nil
	p.mu.Unlock()
	if supply == nil {
		return nil
	}
	supply.close()
	return file.remove()
}

// File gives a duplicate of the descriptor, which does not block if it listens.
// The error is EOPNOTSUPP for listeners that are not the kernel's, EBADF once
// closed, or what the system says.
func (p *Provided) File() (*os.File, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.file()
}

// file is File with mu held.
func (p *Provided) file() (*os.File, error) {
	switch k := p.supply.(type) {
	case nil:
		return nil, sysError("dup", p.Address(), syscall.EBADF)
	case *kernelSupply:
		fd, err := duplicate(k.fd, Options{CloseOnExec: true})
		if err != nil {
			return nil, sysError("dup", p.Address(), err)
		}
		return os.NewFile(uintptr(fd), p.Address()), nil
	}
	return nil, sysError("dup", p.Address(), syscall.EOPNOTSUPP)
}

// take makes the socket for a script. The error is errTaken, errGone or a raw
// errno.
func (p *Provided) take(t Transport, o Options) (*Socket, error) {
	for {
		p.mu.Lock()
		// An engine that may have closed it and not told yet must not be asked
		// with mu held.
		if p.taken == nil || !p.taken.isOpen() {
			defer p.mu.Unlock()
			if p.supply == nil {
				return nil, errGone
			}
			s, err := p.supply.socket(t, o)
			if err == nil {
				p.taken = s
			}
			return s, err
		}
		taken := p.taken
		p.mu.Unlock()
		if taken.alive() {
			return nil, errTaken
		}
	}
}

// isTakenBy tells whether s is the socket which take has made, or in its place.
func (p *Provided) isTakenBy(s *Socket) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.taken != nil && p.taken.foremost() == s.foremost()
}

// servesIPv4 tells whether this socket on all IPv6 addresses takes IPv4, too.
func (p *Provided) servesIPv4() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	k, ok := p.supply.(*kernelSupply)
	if !ok {
		return false
	}
	only, err := unix.GetsockoptInt(k.fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY)
	return err == nil && only == 0
}

// kernelSupply is a socket of the kernel.
type kernelSupply struct {
	fd   int
	kind Kind
}

// socket brings the flags of the descriptor, which all duplicates share, to what
// a script starts with: it may have been left non-blocking by the one before.
func (k *kernelSupply) socket(t Transport, o Options) (*Socket, error) {
	fd, err := duplicate(k.fd, o)
	if err != nil {
		return nil, err
	}
	if err := unix.SetNonblock(fd, k.kind == KindListener); err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	o.apply(t, fd)
	if t == UDP && o.Broadcast {
		setFlag(fd, unix.SOL_SOCKET, unix.SO_BROADCAST)
	}
	return kernelSocket(t, k.kind, fd, o), nil
}

func (k *kernelSupply) close() { _ = unix.Close(k.fd) }

// queueSupply is a listener that lives in Go, held.
type queueSupply struct{ *acceptor }

func (q queueSupply) socket(_ Transport, o Options) (*Socket, error) { return q.acceptor.socket(o) }
func (q queueSupply) close()                                         { q.release() }

// packetSupply is a datagram socket that lives in Go. Its pump works as long as
// there is a duplicate of the descriptor, so this one keeps it up.
type packetSupply struct{ kept *Socket }

func (p packetSupply) socket(t Transport, o Options) (*Socket, error) {
	fd, err := duplicate(p.kept.FD(), o)
	if err != nil {
		return nil, err
	}
	p.kept.virtual.rates.Store(nil) // those of the script before
	s := newVirtual(t, KindBound, fd, o, p.kept.virtual)
	s.local = p.kept.local
	return s, nil
}

func (p packetSupply) close() { _ = p.kept.Close() }
