package phpext

import (
	"net/netip"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/resources"
)

// opening makes the socket of one address, for whoever asks for it: a function of the
// table or a transport of the engine.
type opening struct {
	*Sockets
	transport resources.Transport
	target    string // the address without the transport
	options   resources.Options
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

// bind makes a bound socket.
func (o *opening) bind(c *Call, sc *StreamContext) (Value, error) {
	options := func() (err error) {
		o.options, err = o.serverOptions(sc)
		return err
	}
	if o.isUnix() {
		if err := options(); err != nil {
			return o.made(c, nil, err)
		}
		socket, err := resources.BindUnix(o.transport, o.path(c), o.options)
		return o.made(c, socket, err)
	}
	return o.resolve(c, options, func(c *Call, addrs []netip.AddrPort) (Value, error) {
		socket, err := resources.Bind(o.transport, addrs, o.options)
		return o.made(c, socket, err)
	})
}

// connect makes a connected socket, or one that is about to be if async.
func (o *opening) connect(c *Call, sc *StreamContext, timeout timeout, async bool) (Value, error) {
	if o.isUnix() {
		var err error
		if o.options, err = o.commonOptions(sc); err != nil {
			return o.made(c, nil, err)
		}
		return o.dial(c, resources.NewDialUnix(o.transport, o.path(c), o.options, async), timeout)
	}
	options := func() (err error) {
		o.options, err = o.clientOptions(sc)
		return err
	}
	return o.resolve(c, options, func(c *Call, addrs []netip.AddrPort) (Value, error) {
		// The clock starts here: looking up the name does not count.
		return o.dial(c, resources.NewDial(o.transport, addrs, netip.AddrPort{}, o.options, async), timeout)
	})
}

// resolve goes on with the target's addresses. check comes between reading the target and
// looking it up.
func (o *opening) resolve(c *Call, check func() error, next func(*Call, []netip.AddrPort) (Value, error)) (Value, error) {
	host, port, err := resources.ParseHostPort(o.target)
	if err == nil {
		err = check()
	}
	if err != nil {
		return o.made(c, nil, err)
	}
	return o.lookup(c, host, func(c *Call, addrs []netip.Addr, err error) (Value, error) {
		if err != nil {
			if text, failed := lookupText(err); failed {
				c.Warn("%s", text)
			}
			return o.made(c, nil, err)
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
		return o.made(c, socket, err)
	}
	return step(c, false, false)
}
