package phpext

import (
	"net/netip"

	"github.com/phpsock/phpsock/resources"
)

// serverFunction is https://www.php.net/manual/en/function.stream-socket-server.php.
// $error_code and $error_message are the errno and the text of the system call that
// failed, 0 where it failed before there was one.
func (s *Sockets) serverFunction() Function {
	return Function{
		Prototype: "stream_socket_server(string $address, &$error_code = null, &$error_message = null, " +
			"int $flags = STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context = null)",
		Call:     s.server,
		Replaces: true,
		Context:  "context",
	}
}

func (s *Sockets) server(c *Call) (Value, error) {
	address, flags := c.Text(0), c.Int(3)
	o := &opening{Sockets: s, address: address, quoted: cString(address)}
	if done, v, err := o.begin(c); done {
		return v, err
	}
	o.options = s.serverOptions(o.context(c, flags))
	own := NewStream{NoDefaultContext: flags&FileNoDefaultContext != 0}
	if flags&StreamServerBind == 0 {
		return s.stream(resources.Unbound(o.transport), own), nil
	}
	own.Server = true

	// serve goes on from what bind gave.
	serve := func(c *Call, socket *resources.Socket, err error) (Value, error) {
		if err != nil {
			return o.fail(c, err)
		}
		if flags&StreamServerListen != 0 {
			if err := socket.Listen(o.options.ListenBacklog()); err != nil {
				_ = socket.Close()
				return o.fail(c, err)
			}
		}
		return s.stream(socket, own), nil
	}
	if o.isUnix() {
		socket, err := resources.BindUnix(o.transport, o.path(c), o.options)
		return serve(c, socket, err)
	}
	host, port, err := resources.ParseHostPort(o.target)
	if err != nil {
		return o.fail(c, err)
	}
	return o.resolve(c, host, port, func(c *Call, addrs []netip.AddrPort) (Value, error) {
		socket, err := resources.Bind(o.transport, addrs, o.options)
		return serve(c, socket, err)
	})
}
