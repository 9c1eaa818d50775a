package phpext

import "github.com/phpsock/phpsock/resources"

// pairFunction is https://www.php.net/manual/en/function.stream-socket-pair.php.
func (s *Sockets) pairFunction() Function {
	return Function{
		Prototype: "stream_socket_pair(int $domain, int $type, int $protocol): array|false",
		Call:      s.pair,
		Replaces:  true,
	}
}

func (s *Sockets) pair(c *Call) (Value, error) {
	number := func(i int) int { return int(int32(c.Int(i))) } // PHP hands C ints on
	if err := s.room(c, 2); err != nil {
		return pairFailed(c, err)
	}
	a, b, err := resources.SocketPair(number(0), number(1), number(2), resources.Options{CloseOnExec: s.CloseOnExec})
	if err != nil {
		return pairFailed(c, err)
	}
	return List(s.stream(a, NewStream{}), s.stream(b, NewStream{})), nil
}

func pairFailed(c *Call, err error) (Value, error) {
	errno := errnoOf(err)
	c.Warn("Failed to create sockets: [%d]: %s", int(errno), resources.Strerror(errno))
	return Bool(false), nil
}
