package resources

import (
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// Dial is one connect over a list of addresses in steps that never wait. The
// caller owns the clock: it waits between the steps, and all addresses share
// its one time limit. A Dial belongs to one goroutine at a time.
type Dial struct {
	transport Transport
	options   Options
	async     bool
	targets   []dialTarget
	bind      bindTo
	next      int // index of the target to be tried next
	fd        int // of the attempt that is under way, else -1
	failure   *Error
	noSocket  *Error
	warnings  []string
	done      bool
}

type dialTarget struct {
	name  string
	inet  netip.AddrPort // of tcp and udp
	addr  sockaddr
	errno syscall.Errno // set where the address cannot be used at all
}

// NewDial prepares to connect a tcp or udp socket to the first of the addresses
// that takes it. The local end is local where that is valid, else what the
// option BindTo says, else the system's choice. A local end that cannot be had
// is a warning, see [Dial.Warnings], and not an error.
//
// Permit is asked about each address right before its connect; one that it
// refuses is passed over like one that refuses the connection.
//
// With async a connect that has only been started is success; the descriptor of
// an async dial stays non-blocking.
func NewDial(t Transport, addrs []netip.AddrPort, local netip.AddrPort, o Options, async bool) *Dial {
	d := &Dial{transport: t, options: o, async: async, fd: -1}
	for _, ap := range addrs {
		target := dialTarget{name: ap.String(), inet: ap}
		target.addr, target.errno = inetSockaddr(ap)
		d.targets = append(d.targets, target)
	}
	if local.IsValid() {
		addr := local.Addr().Unmap().WithZone("")
		d.bind = bindTo{host: addr.String(), port: local.Port(), wanted: true}
	} else {
		d.bind = parseBindTo(o.BindTo)
	}
	return d
}

// NewDialUnix prepares to connect a unix or udg socket to a name as
// [ParseUnixPath] gives it. A listener whose queue is full refuses with EAGAIN.
// Permit is asked about the real path of the very file that is then used, even
// if another one has taken its name since.
func NewDialUnix(t Transport, path string, o Options, async bool) *Dial {
	target := dialTarget{name: path, addr: unixSockaddr(path)}
	return &Dial{transport: t, options: o, async: async, fd: -1, targets: []dialTarget{target}}
}

// Step goes as far as it can without waiting. The first call is
// Step(false, false).
//
//   - s is not nil: connected, or under way where the dial is async.
//   - pending is not negative: wait until that descriptor is writable or has an
//     error, then call Step(true, false), or Step(false, true) when the time
//     has run out. Step(true, true) looks at the outcome but tries no further
//     address.
//   - err: an [*Error] with Op "connect" and the errno for the last address
//     tried or refused by Permit, ETIMEDOUT when the time ran out; Op "socket"
//     where no socket could be made at all; no Errno and no Text where the
//     local end ruled out every address.
func (d *Dial) Step(ready, timedOut bool) (s *Socket, pending int, err error) {
	if d.done {
		return nil, -1, sysError("connect", "", syscall.EALREADY)
	}
	if d.fd >= 0 {
		if !ready && !timedOut {
			return nil, d.fd, nil
		}
		errno := syscall.ETIMEDOUT
		if ready {
			errno = socketError(d.fd)
		}
		if errno == 0 {
			return d.connected(), -1, nil
		}
		d.fail(errno)
		if timedOut {
			return nil, -1, d.giveUp()
		}
	}
	for d.next < len(d.targets) {
		target := &d.targets[d.next]
		d.next++
		errno, tried := d.try(target)
		switch {
		case !tried:
		case errno == 0, errno == syscall.EINPROGRESS && d.async:
			return d.connected(), -1, nil
		case errno == syscall.EINPROGRESS:
			// A second look, for connects within this host, which are over by now: it costs
			// less than the wait and the question how that came out.
			if errno = sysConnect(d.fd, &target.addr); errno == 0 {
				return d.connected(), -1, nil
			}
			if errno == syscall.EALREADY || errno == syscall.EINPROGRESS {
				return nil, d.fd, nil
			}
			d.fail(errno)
		default:
			d.fail(errno)
		}
	}
	return nil, -1, d.giveUp()
}

// try starts the connect to one target; tried is false where it did not come to
// that.
func (d *Dial) try(target *dialTarget) (errno syscall.Errno, tried bool) {
	if target.errno != 0 {
		return target.errno, true
	}
	family := target.addr.family()
	if d.bind.rulesOut(family) {
		return 0, false
	}
	addr := &target.addr
	if d.options.Permit != nil {
		allowed, held, failure := d.permit(target)
		if failure != nil {
			d.failure = failure
			return 0, false
		}
		if held >= 0 {
			defer func() { _ = unix.Close(held) }()
		}
		addr = &allowed
	}
	fd, err := openSocket(d.transport, family, unix.SOCK_NONBLOCK, d.options)
	if err != nil {
		d.noSocket = sysError("socket", target.name, err)
		return 0, false
	}
	d.fd = fd
	if d.bind.wanted {
		if warning := d.bind.apply(fd, family); warning != "" {
			d.warnings = append(d.warnings, warning)
		}
	}
	if d.options.Broadcast && d.transport == UDP {
		setFlag(fd, unix.SOL_SOCKET, unix.SO_BROADCAST)
	}
	if d.options.NoDelay && d.transport == TCP {
		setFlag(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY)
	}
	return sysConnect(fd, addr), true
}

// permit asks about a target and gives the address to connect to instead: of a
// path it is the name of the file that was found, which is held until connect
// has used it; held is -1 for the others.
func (d *Dial) permit(target *dialTarget) (addr sockaddr, held int, failure *Error) {
	if target.addr.family() != unix.AF_UNIX {
		return target.addr, -1, d.options.refuses(OpDial, target.inet)
	}
	name := target.addr.text()
	if !isFile(name) {
		return target.addr, -1, d.options.refusesName(OpDial, name, target.name)
	}
	file, err := hold(unix.AT_FDCWD, name, 0)
	if err != nil {
		return addr, -1, failed("connect", target.name, err)
	}
	allowed := false
	defer func() {
		if !allowed {
			_ = unix.Close(file)
		}
	}()
	path, err := realPath(file)
	if err != nil {
		return addr, -1, failed("connect", target.name, err)
	}
	if refusal := d.options.refusesName(OpDial, path, target.name); refusal != nil {
		return addr, -1, refusal
	}
	allowed = true
	return unixSockaddr(heldName(file)), file, nil
}

// socketError takes the outcome of a connect off the descriptor.
func socketError(fd int) syscall.Errno {
	value, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		return errnoOf(err)
	}
	return syscall.Errno(value)
}

func (d *Dial) connected() *Socket {
	s := newSocket(d.transport, KindConn, d.fd, d.options)
	d.fd, d.done = -1, true
	if !d.async {
		_, _ = unix.FcntlInt(uintptr(s.fd), unix.F_SETFL, 0) // O_NONBLOCK is the only flag that it was made with
	}
	target := &d.targets[d.next-1]
	s.remote = target.addr.text()
	if name, errno := sysName(s.fd, false); errno == 0 {
		s.local = name.text()
	}
	return s
}

// fail ends the attempt that is under way.
func (d *Dial) fail(errno syscall.Errno) {
	d.failure = sysError("connect", d.targets[d.next-1].name, errno)
	d.closeAttempt()
}

func (d *Dial) giveUp() error {
	d.done = true
	switch {
	case d.failure != nil:
		return d.failure
	case d.noSocket != nil:
		return d.noSocket
	}
	return &Error{Op: "connect"}
}

func (d *Dial) closeAttempt() {
	if d.fd >= 0 {
		_ = unix.Close(d.fd)
		d.fd = -1
	}
}

// Warnings gives PHP's warnings about the local end so far, in order.
func (d *Dial) Warnings() []string { return d.warnings }

// Close gives up and closes what is open. A socket that Step has given out is
// not touched. A second call does nothing.
func (d *Dial) Close() {
	d.done = true
	d.closeAttempt()
}
