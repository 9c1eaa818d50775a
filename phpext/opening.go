package phpext

import (
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/resources"
)

// opening makes the socket of one address, for whoever asks for it: a function of the
// table or a transport of the engine.
type opening struct {
	*Sockets
	transport  resources.Transport
	target     string // the address without the transport
	persistent bool
	listen     bool // a bound socket is to listen, too
	options    resources.Options
	begun      time.Time // set where somebody observes
	// made goes on with the socket, or with what failed.
	made func(*Call, *resources.Socket, error) (Value, error)
}

// isUnix tells whether addresses are paths.
func (o *opening) isUnix() bool {
	return o.transport == resources.Unix || o.transport == resources.Udg
}

// path returns the unix path of the target, with PHP's notice where it is too long.
func (o *opening) path(c *Call) string {
	path, limit, truncated := resources.ParseUnixPath(o.target)
	if truncated {
		c.Notice("socket path exceeded the maximum allowed length of %d bytes and was truncated", limit)
	}
	return path
}

// bind makes a bound socket, which may be one that the host has already.
func (o *opening) bind(c *Call, sc *StreamContext) (Value, error) {
	o.begin()
	o.Table.Sync() // what had the address may have been closed
	var err error
	if o.options, err = o.serverOptions(sc); err == nil {
		err = o.room(c, 1)
	}
	if err == nil && o.Listeners != nil {
		socket, ok, takeErr := o.Listeners.Take(o.transport, o.target, o.options)
		if ok || takeErr != nil {
			return o.opened(c, resources.EventListen, socket, takeErr)
		}
	}
	o.options.Permit = o.permit(c)
	switch {
	case o.transport == resources.Mem:
		if err != nil {
			return o.bound(c, nil, err)
		}
		socket, err := o.Memory.Bind(o.target, o.options)
		return o.bound(c, socket, err)
	case o.isUnix():
		if err != nil {
			return o.bound(c, nil, err)
		}
		path := o.path(c)
		if o.ListenConfig != nil {
			return o.listenVia(c, nil, absolute(path))
		}
		socket, err := resources.BindUnix(o.transport, path, o.options)
		return o.bound(c, socket, err)
	}
	check := func() error { return err }
	return o.resolve(c, resources.EventListen, check, func(c *Call, addrs []netip.AddrPort) (Value, error) {
		if o.ListenConfig != nil {
			return o.listenVia(c, addrs, "")
		}
		socket, err := resources.Bind(o.transport, addrs, o.options)
		return o.bound(c, socket, err)
	})
}

// bound goes on with a socket that is bound, or not.
func (o *opening) bound(c *Call, socket *resources.Socket, err error) (Value, error) {
	if err == nil && o.listen {
		err = socket.Listen(o.options.ListenBacklog())
	}
	if err == nil {
		err = o.keep(socket)
	}
	if err != nil && socket != nil {
		_ = socket.Close()
	}
	return o.opened(c, resources.EventListen, socket, err)
}

// keep gives the host a duplicate of what serves, which outlives the script.
func (o *opening) keep(socket *resources.Socket) error {
	serves := o.listen || o.transport == resources.UDP || o.transport == resources.Udg
	if !o.KeepListeners || o.Listeners == nil || !serves {
		return nil
	}
	return o.Listeners.Keep(o.target, socket)
}

// connect makes a connected socket, or one that is about to be if async.
func (o *opening) connect(c *Call, sc *StreamContext, timeout timeout, async bool) (Value, error) {
	o.begin()
	var err error
	if o.isUnix() || o.transport == resources.Mem {
		o.options, err = o.commonOptions(sc)
	} else {
		o.options, err = o.clientOptions(sc)
	}
	if err == nil {
		err = o.room(c, 1)
	}
	o.options.Permit = o.permit(c)
	switch {
	case err != nil && (o.isUnix() || o.transport == resources.Mem):
		return o.opened(c, resources.EventDial, nil, err)
	case o.transport == resources.Mem:
		return o.connectMemory(c, timeout)
	case o.isUnix():
		path := o.path(c)
		if o.Dialer != nil {
			return o.dialVia(c, nil, absolute(path), timeout, async)
		}
		return o.dial(c, resources.NewDialUnix(o.transport, path, o.options, async), timeout)
	}
	check := func() error { return err }
	return o.resolve(c, resources.EventDial, check, func(c *Call, addrs []netip.AddrPort) (Value, error) {
		// The clock starts here: looking up the name does not count.
		if o.Dialer != nil {
			return o.dialVia(c, addrs, "", timeout, async)
		}
		return o.dial(c, resources.NewDial(o.transport, addrs, netip.AddrPort{}, o.options, async), timeout)
	})
}

// resolve goes on with the target's addresses. check comes between reading the target and
// looking it up.
func (o *opening) resolve(c *Call, kind resources.EventKind, check func() error, next func(*Call, []netip.AddrPort) (Value, error)) (Value, error) {
	host, port, err := resources.ParseHostPort(o.target)
	if err == nil {
		err = check()
	}
	if err != nil {
		return o.opened(c, kind, nil, err)
	}
	return o.lookup(c, host, func(c *Call, addrs []netip.Addr, err error) (Value, error) {
		if err != nil {
			if text, failed := lookupText(err); failed {
				c.Warn("%s", text)
			}
			return o.opened(c, kind, nil, err)
		}
		ports := make([]netip.AddrPort, len(addrs))
		for i, a := range addrs {
			ports[i] = netip.AddrPortFrom(a, port)
		}
		return next(c, ports)
	})
}

// dial drives d to its end; all its addresses share one limit.
func (o *opening) dial(c *Call, d *resources.Dial, timeout timeout) (Value, error) {
	limit := timeout.start()
	var step func(c *Call, ready, expired bool) (Value, error)
	wait := func(c *Call, fd int) (Value, error) {
		return c.waitFor(fd, unix.POLLIN|unix.POLLOUT, limit, func(c *Call, r Ready) (Value, error) {
			switch r {
			case ReadyCancelled:
				d.Close()
				return Null(), nil
			case ReadyInterrupted:
				return step(c, false, limit.over())
			case ReadyTimeout:
				return step(c, false, true)
			}
			// What is ready counts although the time is over, but then no further
			// address is tried.
			return step(c, true, limit.over())
		})
	}
	step = func(c *Call, ready, expired bool) (Value, error) {
		socket, fd, err := d.Step(ready, expired)
		if err == nil && socket == nil {
			return wait(c, fd)
		}
		for _, text := range d.Warnings() {
			c.Warn("%s", text)
		}
		return o.opened(c, resources.EventDial, socket, err)
	}
	return step(c, false, false)
}
