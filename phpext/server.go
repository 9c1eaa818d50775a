package phpext

import "github.com/phpsock/phpsock/resources"

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
	f := &openFunction{opening: opening{Sockets: s}, address: address, quoted: cString(address), server: true}
	if done, v, err := f.begin(c); done {
		return v, err
	}
	f.own.NoDefaultContext = flags&FileNoDefaultContext != 0
	if flags&StreamServerBind == 0 {
		return f.finish(c, resources.Unbound(f.transport), nil)
	}
	f.own.Server = true
	f.listen = flags&StreamServerListen != 0
	return f.bind(c, f.context(c, flags))
}
