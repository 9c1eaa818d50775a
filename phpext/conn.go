package phpext

import (
	"net"

	"github.com/phpsock/phpsock/resources"
)

// Stream hands a connection of the host to the script: the value is a stream. It takes
// conn over, which must not be used afterwards; the script, or its end, closes it.
// The error is that of [resources.FromConn].
func (c *Call) Stream(conn net.Conn) (Value, error) {
	socket, err := resources.FromConn(conn, resources.TransportOf(conn), resources.Options{})
	if err != nil {
		return Null(), err
	}
	return StreamValue(&NewStream{Socket: socket, Handle: c.env.Insert(socket)}), nil
}

// TakeConn takes the socket of the stream in argument i back from the script, as a
// connection of Go's. What PHP has read from it and the script has not is read first. The
// script's stream is closed when the call is over.
//
// A stream that is not one of this host's sockets is [ErrForeignStream]; another error is
// that of [resources.Socket.NetConn].
func (c *Call) TakeConn(i int) (net.Conn, error) {
	socket, err := c.Socket(i)
	if err != nil {
		return nil, err
	}
	conn, err := socket.NetConn()
	if err != nil {
		return nil, err
	}
	c.effects = append(c.effects, Effect{Kind: EffectClose, Param: i})
	if c.env.Unread != nil {
		if unread := c.env.Unread(c.Arg(i).Resource().ID); len(unread) > 0 {
			return &readAhead{Conn: conn, unread: unread}, nil
		}
	}
	return conn, nil
}

// readAhead is a connection of which something was read already.
type readAhead struct {
	net.Conn
	unread []byte
}

func (r *readAhead) Read(b []byte) (int, error) {
	if len(r.unread) == 0 {
		return r.Conn.Read(b)
	}
	n := copy(b, r.unread)
	r.unread = r.unread[n:]
	return n, nil
}

// CloseWrite ends the sending direction.
func (r *readAhead) CloseWrite() error {
	if half, ok := r.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return net.ErrClosed
}
