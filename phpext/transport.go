package phpext

import (
	"syscall"
	"time"

	"github.com/phpsock/phpsock/resources"
)

// The engine's transports tcp, udp, unix and udg: the way into this package for all PHP
// code that opens sockets without the functions of the table, fsockopen and http:// for
// two. PHP's own code around them finds the words, so these rows give code and text.

// transportConnect opens a client. $timeout is in milliseconds, negative: no limit. A
// persistent one outlives the script.
func (s *Sockets) transportConnect() Function {
	return Function{
		Prototype: "transport_connect(string $transport, string $target, int $timeout, bool $async, bool $persistent, &$code, &$text)",
		Call: func(c *Call) (Value, error) {
			limit := timeout(-1)
			if ms := c.Int(2); ms >= 0 {
				limit = timeout(time.Duration(ms) * time.Millisecond)
			}
			o := s.transport(c, NewStream{Async: c.Bool(3), Target: c.Text(1)}, 5)
			if c.Bool(4) {
				return s.connectPersistent(c, o, limit)
			}
			return o.connect(c, c.StreamContext(), limit, c.Bool(3))
		},
		Hidden: true,
	}
}

// connectPersistent refuses what is beyond the host's limit as the system does.
func (s *Sockets) connectPersistent(c *Call, o *opening, limit timeout) (Value, error) {
	if s.MaxPersistent != 0 && s.Table.Persistent() >= max(s.MaxPersistent, 0) {
		return o.made(c, nil, &resources.Error{
			Op: "connect", Address: o.target, Errno: syscall.EMFILE, Text: resources.Strerror(syscall.EMFILE),
		})
	}
	o.persistent = true
	made := o.made
	o.made = func(c *Call, socket *resources.Socket, err error) (Value, error) {
		if err == nil {
			socket.Persist()
		}
		return made(c, socket, err)
	}
	return o.connect(c, c.StreamContext(), limit, c.Bool(3))
}

// transportReuse says whether a persistent client may be used again: the policy may have
// changed its mind.
func (s *Sockets) transportReuse() Function {
	return Function{
		Prototype: "transport_reuse(int $handle): bool",
		Call: func(c *Call) (Value, error) {
			socket, ok := c.env.Socket(resources.Handle(c.Int(0)))
			return Bool(ok && s.permitReuse(c, socket) == nil), nil
		},
		Hidden: true,
	}
}

// transportName is stream_socket_get_name for a stream that is not this package's any
// more, but has a socket of the table: one that speaks TLS.
func (s *Sockets) transportName() Function {
	return Function{
		Prototype: "transport_name(int $handle, bool $remote): string|false",
		Call: func(c *Call) (Value, error) {
			socket, ok := c.env.Socket(resources.Handle(c.Int(0)))
			if !ok {
				return Bool(false), nil
			}
			return nameOf(socket, c.Bool(1)), nil
		},
		Hidden: true,
	}
}

// transportBind opens a bound socket that does not listen yet.
func (s *Sockets) transportBind() Function {
	return Function{
		Prototype: "transport_bind(string $transport, string $target, &$code, &$text)",
		Call: func(c *Call) (Value, error) {
			return s.transport(c, NewStream{Server: true}, 2).bind(c, c.StreamContext())
		},
		Hidden: true,
	}
}

// transport begins an opening that ends with a stream, or with code and text in the
// parameters from ref on.
func (s *Sockets) transport(c *Call, own NewStream, ref int) *opening {
	return &opening{
		Sockets: s, transport: resources.Transport(c.Text(0)), target: c.Text(1),
		made: func(c *Call, socket *resources.Socket, err error) (Value, error) {
			if err == nil {
				return s.stream(socket, own), nil
			}
			code, text := errorOf(err)
			c.SetRef(ref, Int(code))
			c.SetRef(ref+1, String(text))
			return Bool(false), nil
		},
	}
}
