package resources

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// When a script has closed its end, what it wrote before is still passed on. A
// connection that takes nothing for lingerIdle is given up, and any after
// lingerMost, so that nobody who does not read keeps a pump for ever.
const (
	lingerIdle = 10 * time.Second
	lingerMost = time.Minute
)

// pump carries bytes between a connection of the Go program and the script's
// end of a pair, in two goroutines: up takes from the script, down takes from
// the connection. Each waits for the side that it writes to before it reads on,
// so a slow side slows down the other.
//
//   - The script shuts down its writing: so does the pump on the connection, if
//     that has CloseWrite; else it waits for the script to close. Receiving goes
//     on.
//   - The connection reads EOF: the script does, too, and may go on writing.
//   - A write to the connection fails: the script gets EPIPE.
//   - Reading from the connection fails otherwise: the script gets ECONNRESET,
//     after all data that came before.
//   - The script closes, and so do those who have a copy of its descriptor:
//     what it has written is passed on, then the connection is closed.
type pump struct {
	*virtual
	socket    *Socket
	cookie    uint64 // of the script's end
	end       *endpoint
	own       int // the descriptor of end
	ownCookie uint64
	watch     uint64
	overhead  int // bytes of each message that are not traffic
	progress  atomic.Uint64
	plug      plug

	// alive ends when the pump does, wanted when nobody is there any more to
	// read what the connection receives.
	alive, wanted context.Context
	kill, unwant  context.CancelFunc

	mu            sync.Mutex
	conn          net.Conn // nil while it is being dialled
	local, remote string
	hungUp        bool
	upDone        bool
	downDone      bool
	broken        bool // the script is to get ECONNRESET
	ending        bool
	lingerIdle    time.Duration
	linger        *time.Timer
	lingerUntil   time.Time
	lingered      uint64 // progress when the timer was set
}

// newPump makes the pair and the script's socket. The error is a raw errno.
func newPump(t Transport, k Kind, o Options, v *virtual) (*pump, error) {
	messages := isDatagram(t)
	script, own, err := newPair(messages, o)
	if err != nil {
		return nil, err
	}
	end, err := newEndpoint(own, messages)
	if err != nil {
		_ = unix.Close(script)
		return nil, err
	}
	p := &pump{virtual: v, cookie: cookieOf(script), end: end, own: own, ownCookie: cookieOf(own), lingerIdle: lingerIdle}
	p.alive, p.kill = context.WithCancel(context.Background())
	p.wanted, p.unwant = context.WithCancel(p.alive)
	v.pump = p
	v.local = func() string { local, _ := p.names(); return local }
	v.remote = func() string { _, remote := p.names(); return remote }
	v.noDelay = p.setNoDelay
	if p.watch, err = hangups.add(own, p.hangUp); err != nil {
		p.kill()
		_ = end.Close()
		_ = unix.Close(script)
		return nil, errnoOf(err)
	}
	p.socket = newVirtual(t, k, script, o, v)
	return p, nil
}

// newPair makes the two descriptors: the script's, as any descriptor that a
// script gets, and the pump's. Messages are kept apart by SOCK_SEQPACKET and not
// by SOCK_DGRAM, whose ends do not notice when the other one is closed.
func newPair(messages bool, o Options) (script, own int, err error) {
	typ := unix.SOCK_STREAM
	if messages {
		typ = unix.SOCK_SEQPACKET
	}
	fds, err := unix.Socketpair(unix.AF_UNIX, typ|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, -1, err
	}
	if !o.CloseOnExec {
		_, _ = unix.FcntlInt(uintptr(fds[0]), unix.F_SETFD, 0)
	}
	if messages {
		setFlag(fds[0], unix.SOL_SOCKET, unix.SO_PASSCRED) // see recvOnce
		setFlag(fds[1], unix.SOL_SOCKET, unix.SO_PASSCRED)
	}
	o.Buffers.apply(fds[0])
	return fds[0], fds[1], nil
}

func isDatagram(t Transport) bool { return t == UDP || t == Udg }

// start begins to pump.
func (p *pump) start(conn net.Conn) {
	p.setConn(conn)
	go p.down()
	go p.up()
}

// setConn says false where the script has gone meanwhile.
func (p *pump) setConn(conn net.Conn) bool {
	_ = conn.SetDeadline(time.Time{}) // of whoever had it before
	local, remote := nameOf(conn.LocalAddr()), nameOf(conn.RemoteAddr())
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hungUp {
		return false
	}
	p.conn = conn
	// What has no name of its own keeps the one that it was asked for by.
	if local != "" {
		p.local = local
	}
	if remote != "" {
		p.remote = remote
	}
	return true
}

func (p *pump) names() (local, remote string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.local, p.remote
}

// mapNames names IPv4 as a listener of both families does.
func (p *pump) mapNames() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.local, p.remote = mappedName(p.local), mappedName(p.remote)
}

func (p *pump) setNoDelay() error {
	p.mu.Lock()
	conn := p.conn
	p.mu.Unlock()
	if c, ok := conn.(interface{ SetNoDelay(bool) error }); ok {
		return c.SetNoDelay(true)
	}
	return unix.EOPNOTSUPP
}

// up carries what the script writes.
func (p *pump) up() {
	b := newBuffer(p.end.messages, p.socket.transport)
	defer b.release()
	for {
		size := p.rates.Load().writeSize()
		n, err := p.end.receive(func() []byte { return b.large(size) }, b.release)
		if err != nil {
			if errors.Is(err, io.EOF) && !p.isEnding() {
				p.closeWrite()
			}
			break
		}
		err = p.send(b.data[:n])
		b.release()
		if err != nil {
			if !p.isEnding() {
				_ = p.end.CloseRead()
			}
			break
		}
	}
	p.leave(&p.upDone)
}

func (p *pump) send(data []byte) error {
	if err := p.rates.Load().waitWrite(p.alive, len(data)-p.overhead); err != nil {
		return err
	}
	if p.socket.transport == UDP && len(data)-p.overhead > maxDatagram {
		return nil
	}
	if p.end.messages {
		if _, err := p.conn.Write(data); isEnd(err) {
			return err
		}
		p.progress.Add(1)
		return nil // one that fails is lost, as any datagram may be
	}
	// In pieces, because what a slow connection has taken of one is not known.
	for failures := 0; len(data) > 0; {
		n, err := p.conn.Write(data[:min(len(data), piece)])
		if n > 0 {
			failures = 0
			p.progress.Add(1)
			data = data[n:]
		}
		if failures++; err != nil && !(interrupted(err) && failures < maxFailures && p.pause(failures)) {
			return err
		}
	}
	return nil
}

func (p *pump) closeWrite() {
	if c, ok := p.conn.(interface{ CloseWrite() error }); ok {
		_ = c.CloseWrite()
	}
}

// down carries what the connection receives.
func (p *pump) down() {
	b := newBuffer(p.end.messages, p.socket.transport)
	defer b.release()
	failures := 0
	for {
		data := b.adaptive(p.rates.Load().readSize())
		n, err := p.conn.Read(data)
		if n > 0 || err == nil && p.end.messages {
			failures = 0
			b.filled(n)
			p.deliver(data[:n])
		}
		if err == nil {
			continue
		}
		failures++
		passes := interrupted(err) || p.end.messages && !isEnd(err)
		if passes && failures < maxFailures && p.pause(failures) {
			continue
		}
		p.received(err)
		break
	}
	p.leave(&p.downDone)
}

// maxFailures are how many receives of datagrams may fail in a row: that one was
// refused says nothing of the next one. It is also how often a call may be
// interrupted.
const maxFailures = 32

// interrupted tells that nothing is wrong and the call wants repeating. Package
// net does that itself, other connections need not.
func interrupted(err error) bool { return errors.Is(err, syscall.EINTR) }

// pause waits for so many milliseconds, unless the pump ends.
func (p *pump) pause(milliseconds int) bool {
	select {
	case <-time.After(time.Duration(milliseconds) * time.Millisecond):
		return true
	case <-p.alive.Done():
		return false
	}
}

// deliver writes to the script. Where nobody reads any more the data is dropped,
// so that the other side can get done with its writing and go on to read.
func (p *pump) deliver(data []byte) {
	if p.rates.Load().waitRead(p.wanted, len(data)-p.overhead) == nil {
		_, _ = p.end.Write(data)
	}
}

// received deals with the end of what the connection receives.
func (p *pump) received(err error) {
	p.mu.Lock()
	broken := !isEnd(err) && !p.ending
	p.broken = p.broken || broken
	p.mu.Unlock()
	if !broken {
		_ = p.end.CloseWrite()
	}
}

// isEnd tells an end in good order, or one that was made here, from a failure.
func isEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrClosedPipe)
}
