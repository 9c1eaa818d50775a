package resources

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// Dialer makes connections in the kernel's place: through a proxy, a VPN or a
// network stack of its own, or with faults for a test. A *[net.Dialer] is one.
//
// The network is "tcp4", "tcp6", "udp4", "udp6", "unix" or "unixgram", the
// address a numeric "ip:port" or a path, where "@" stands for the NUL that an
// abstract name begins with. Names have been looked up before. The context is for
// the dial alone and must not have a hold on the connection. What a script's
// stream context says about the time before the connect, such as bindto and
// so_broadcast, does not reach the Dialer.
type Dialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

// ListenConfig makes listeners and datagram sockets in the kernel's place. A
// *[net.ListenConfig] is one. Network and address are as for a [Dialer], except
// that the network for "[::]" is "tcp" or "udp", because IPv4 is to be served,
// too, unless the script has set ipv6_v6only.
//
// It cannot bind only: a script that asks for STREAM_SERVER_BIND without
// STREAM_SERVER_LISTEN has a listener all the same. What its stream context says
// about the time before the bind, such as so_reuseport, does not reach the
// ListenConfig.
type ListenConfig interface {
	Listen(ctx context.Context, network, address string) (net.Listener, error)
	ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error)
}

// DialVia connects to the first of the addresses that d gets through to, or to
// path for the transports [Unix] and [Udg]. It waits: ctx bounds all attempts
// together. The connection is taken over as by [FromConn].
//
// The error is an [*Error] with Op "connect" for the last address that was tried:
// with the errno that is in d's error, ETIMEDOUT where it is a timeout, ECANCELED
// where ctx was cancelled, else EIO with the error's text.
func DialVia(ctx context.Context, d Dialer, t Transport, addrs []netip.AddrPort, path string, o Options) (*Socket, error) {
	conn, name, err := (&dialVia{d, t, addrs, path, o}).dial(ctx)
	if err != nil {
		return nil, err
	}
	s, err := fromConn(conn, t, o)
	if err != nil {
		_ = conn.Close()
		return nil, sysError("socket", name, err)
	}
	if s.virtual != nil && s.virtual.pump != nil {
		s.virtual.pump.called(name)
	}
	return s, nil
}

// DialViaAsync starts what [DialVia] does and returns at once. The descriptor is
// non-blocking, and neither readable nor writable until the connection is there;
// asking for the remote name gives ENOTCONN until then. Where the dial fails the
// descriptor becomes readable and writable and gives ECONNRESET.
//
// The error is an [*Error] with Op "socket" or, where there is no address at all,
// "connect".
func DialViaAsync(ctx context.Context, d Dialer, t Transport, addrs []netip.AddrPort, path string, o Options) (*Socket, error) {
	via := &dialVia{d, t, addrs, path, o}
	targets := via.targets()
	if len(targets) == 0 {
		return nil, sysError("connect", "", syscall.EINVAL)
	}
	v := &virtual{}
	p, err := newPump(t, KindConn, o, v)
	if err != nil {
		return nil, sysError("socket", targets[0].name, err)
	}
	v.connected = p.dialled
	p.remote = targets[0].name
	_ = p.socket.setNonblock()
	p.insertPlug()
	go p.dial(ctx, func(ctx context.Context) (net.Conn, error) {
		conn, name, err := via.dial(ctx)
		if err == nil {
			p.called(name)
		}
		return conn, err
	})
	return p.socket, nil
}

// dialVia is one connect over a list of addresses through a Dialer.
type dialVia struct {
	dialer    Dialer
	transport Transport
	addrs     []netip.AddrPort
	path      string
	options   Options
}

// viaTarget is what one attempt needs.
type viaTarget struct {
	name    string // as scripts see it
	network string
	// permit gives the address for the Dialer, or the policy's refusal.
	permit func(Operation) (address string, refusal *Error)
}

func (d *dialVia) targets() []viaTarget { return viaTargets(d.transport, d.addrs, d.path, &d.options) }

func viaTargets(t Transport, addrs []netip.AddrPort, path string, o *Options) []viaTarget {
	switch t {
	case Unix, Udg:
		network := "unix"
		if t == Udg {
			network = "unixgram"
		}
		return []viaTarget{{
			name: path, network: network,
			permit: func(op Operation) (string, *Error) { return o.permitVia(op, path) },
		}}
	}
	var targets []viaTarget
	for _, ap := range addrs {
		ap = netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
		network := string(t) + "4"
		if ap.Addr().Is6() {
			network = string(t) + "6"
		}
		targets = append(targets, viaTarget{
			name: inetName(ap), network: network,
			permit: func(op Operation) (string, *Error) { return ap.String(), o.refuses(op, ap) },
		})
	}
	return targets
}

// dial gives the name of the address that was connected to, too.
func (d *dialVia) dial(ctx context.Context) (conn net.Conn, name string, err error) {
	failure := sysError("connect", "", syscall.EINVAL)
	for _, target := range d.targets() {
		address, refusal := target.permit(OpDial)
		if refusal != nil {
			failure = refusal
			continue
		}
		conn, err := d.dialer.DialContext(ctx, target.network, address)
		if err == nil {
			return conn, target.name, nil
		}
		failure = viaError("connect", target.name, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, "", failure
}

// called keeps the name that was connected to for a connection without one.
func (p *pump) called(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.remote == "" || p.conn == nil {
		p.remote = name
	}
}

// viaError puts the error of a Dialer or ListenConfig into the words of a failed
// system call.
func viaError(op, address string, err error) *Error {
	var own *Error
	var errno syscall.Errno
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &own) && own.Errno != 0 && own.Text != "":
		return &Error{Op: op, Address: address, Errno: own.Errno, Text: own.Text}
	case errors.As(err, &errno) && errno != 0:
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		errno = syscall.ETIMEDOUT
	case errors.Is(err, context.Canceled):
		errno = syscall.ECANCELED
	default:
		return &Error{Op: op, Address: address, Errno: syscall.EIO, Text: err.Error()}
	}
	return sysError(op, address, errno)
}

// permitVia asks Permit about a path or an abstract name. What is asked about is
// the real path, and that very path is what is used: no link can lead elsewhere
// afterwards, unless somebody puts one in the place of the file itself. A path
// that is not to be found is asked about and used in its shortest form, since it
// need not be one of this system's.
func (o *Options) permitVia(op Operation, path string) (address string, refusal *Error) {
	if o.Permit == nil {
		return goName(path), nil
	}
	real := path
	if isFile(path) {
		real = realPathVia(op, path)
	}
	return goName(real), o.refusesName(op, real, path)
}

func realPathVia(op Operation, path string) string {
	if op == OpDial {
		if held, err := hold(unix.AT_FDCWD, path, 0); err == nil {
			defer func() { _ = unix.Close(held) }()
			if real, err := realPath(held); err == nil {
				return real
			}
		}
	}
	place, err := findPlace(path)
	if err != nil {
		return filepath.Clean("/" + path)
	}
	defer place.close()
	return place.real
}

// ListenVia makes a listener, or for [UDP] and [Udg] a datagram socket, at the
// first of the addresses where lc can, or at path for [Unix] and [Udg]. What lc
// gives is taken over as by [FromListener] and [FromPacketConn]. A listener
// listens already: [Socket.Listen] has nothing to do any more.
//
// The error is an [*Error] with Op "bind" for the last address that was tried, as
// in [DialVia].
func ListenVia(ctx context.Context, lc ListenConfig, t Transport, addrs []netip.AddrPort, path string, o Options) (*Socket, error) {
	failure := sysError("bind", "", syscall.EINVAL)
	for _, target := range viaTargets(t, addrs, path, &o) {
		address, refusal := target.permit(OpListen)
		if refusal != nil {
			failure = refusal
			continue
		}
		network := target.network
		if takesBothFamilies(target.name) && (o.V6Only == nil || !*o.V6Only) {
			network = string(t) // package net keeps IPv4 off "tcp6"
		}
		s, err := listenVia(ctx, lc, t, network, address, o)
		if err == nil {
			return s, nil
		}
		failure = viaError("bind", target.name, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, failure
}

func listenVia(ctx context.Context, lc ListenConfig, t Transport, network, address string, o Options) (*Socket, error) {
	if !isDatagram(t) {
		l, err := lc.Listen(ctx, network, address)
		if err != nil {
			return nil, err
		}
		s, err := FromListener(l, t, o)
		if err != nil {
			_ = l.Close()
		}
		return s, err
	}
	conn, err := lc.ListenPacket(ctx, network, address)
	if err != nil {
		return nil, err
	}
	s, err := FromPacketConn(conn, t, o)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	if o.Broadcast && t == UDP && s.virtual == nil {
		setFlag(s.fd, unix.SOL_SOCKET, unix.SO_BROADCAST)
	}
	return s, nil
}
