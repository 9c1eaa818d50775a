package phpext

import (
	"net/netip"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/resources"
)

// clientFunction is https://www.php.net/manual/en/function.stream-socket-client.php.
// Persistent clients stay PHP's own.
func (s *Sockets) clientFunction() Function {
	return Function{
		Prototype: "stream_socket_client(string $address, &$error_code = null, &$error_message = null, " +
			"?float $timeout = null, int $flags = STREAM_CLIENT_CONNECT, $context = null)",
		Call:     s.client,
		Replaces: true,
		Context:  "context",
	}
}

func (s *Sockets) client(c *Call) (Value, error) {
	address, flags := c.Text(0), c.Int(4)
	if flags&StreamClientPersistent != 0 {
		return c.Original()
	}
	timeout, err := connectTimeout(c, 3)
	if err != nil {
		return Null(), err
	}
	o := &opening{Sockets: s, address: address, quoted: addSlashes(address)}
	if done, v, err := o.begin(c); done {
		return v, err
	}
	async := flags&StreamClientAsyncConnect != 0
	own := NewStream{Target: o.target, NoDefaultContext: flags&FileNoDefaultContext != 0}
	if flags&StreamClientConnect == 0 && !async {
		return s.stream(resources.Unbound(o.transport), own), nil
	}
	own.Async = async
	if o.isUnix() {
		o.options.CloseOnExec = s.CloseOnExec
		d := resources.NewDialUnix(o.transport, o.path(c), o.options, async)
		return o.dial(c, d, timeout, own)
	}
	host, port, err := resources.ParseHostPort(o.target)
	if err != nil {
		return o.fail(c, err)
	}
	if o.options, err = s.clientOptions(o.context(c, flags)); err != nil {
		return o.fail(c, err)
	}
	return o.resolve(c, host, port, func(c *Call, addrs []netip.AddrPort) (Value, error) {
		d := resources.NewDial(o.transport, addrs, netip.AddrPort{}, o.options, async)
		// The clock starts here: looking up the name does not count.
		return o.dial(c, d, timeout, own)
	})
}

// dial drives d to its end; all its addresses share one limit.
func (o *opening) dial(c *Call, d *resources.Dial, timeout timeout, own NewStream) (Value, error) {
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
		if err != nil {
			return o.fail(c, err)
		}
		return o.stream(socket, own), nil
	}
	return step(c, false, false)
}

// addSlashes is https://www.php.net/manual/en/function.addslashes.php.
func addSlashes(s string) string {
	return strings.NewReplacer(`'`, `\'`, `"`, `\"`, `\`, `\\`, "\x00", `\0`).Replace(s)
}
