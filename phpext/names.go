package phpext

import "github.com/phpsock/phpsock/resources"

// getNameFunction is https://www.php.net/manual/en/function.stream-socket-get-name.php.
// Names that begin with NUL, which are abstract unix names, and empty ones are false.
func (s *Sockets) getNameFunction() Function {
	return Function{
		Prototype: "stream_socket_get_name($socket, bool $remote): string|false",
		Call:      s.getName,
		Replaces:  true,
		Direct:    DirectGetName,
	}
}

func (s *Sockets) getName(c *Call) (Value, error) {
	socket, err := c.Socket(0)
	if err != nil {
		return Null(), err
	}
	if c.Errno() != 0 {
		return Bool(false), nil
	}
	return nameOf(socket, c.Bool(1)), nil
}

// nameOf returns a name in PHP's form, or false where there is none.
func nameOf(socket *resources.Socket, remote bool) Value {
	name, err := socket.Name(remote)
	if err != nil || name == "" || name[0] == 0 {
		return Bool(false)
	}
	return String(name)
}
