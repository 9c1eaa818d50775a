package phpext

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"

	"github.com/phpsock/phpsock/resources"
)

// Sockets are PHP's stream_socket functions on the host's own sockets.
type Sockets struct {
	// Table takes up the sockets that are made.
	Table *resources.Table
	// Resolver looks up names; nil is the system's.
	Resolver resources.Resolver
	// Transports lists the engine's transports in the order of their registration. nil
	// means the four that are made here: tcp, udp, unix and udg.
	Transports func() []string
	// CloseOnExec keeps the sockets from child processes, which inherit PHP's.
	CloseOnExec bool
}

// Functions returns the rows, which all stand in for functions of PHP.
func (s *Sockets) Functions() []Function {
	return []Function{
		s.serverFunction(),
		s.clientFunction(),
		s.acceptFunction(),
		s.recvFromFunction(),
		s.sendToFunction(),
		s.getNameFunction(),
		s.shutdownFunction(),
		s.pairFunction(),
		s.transportsFunction(),
	}
}

// ownTransports are the transports whose sockets are made here.
var ownTransports = []string{string(resources.TCP), string(resources.UDP), string(resources.Unix), string(resources.Udg)}

func (s *Sockets) transports() []string {
	if s.Transports == nil {
		return ownTransports
	}
	return s.Transports()
}

// opening is a call of stream_socket_server or stream_socket_client, which have the
// parameters $address, $error_code and $error_message in common.
type opening struct {
	*Sockets
	address   string // as given
	quoted    string // as the warning shows it
	transport resources.Transport
	target    string
	options   resources.Options
}

// begin sets the reference parameters to what they are on success and reads the
// transport. done means that the call ends with v and err.
func (o *opening) begin(c *Call) (done bool, v Value, err error) {
	c.SetRef(1, Int(0))
	c.SetRef(2, String(""))
	name, target := resources.SplitTransport(o.address)
	if !slices.Contains(o.transports(), name) {
		v, err = o.refuse(c, 0, `Unable to find the socket transport "`+name[:min(len(name), 31)]+
			`" - did you forget to enable it when you configured PHP?`)
		return true, v, err
	}
	if !slices.Contains(ownTransports, name) {
		v, err = c.Original()
		return true, v, err
	}
	o.transport, o.target = resources.Transport(name), target
	return false, Null(), nil
}

// context returns the stream context whose options count: flags may rule out the
// default one.
func (o *opening) context(c *Call, flags int64) *StreamContext {
	sc := c.StreamContext()
	if sc != nil && sc.Default && flags&FileNoDefaultContext != 0 {
		return nil
	}
	return sc
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

// resolve goes on with the target's addresses, or with the call's failure.
func (o *opening) resolve(c *Call, host string, port uint16, next func(*Call, []netip.AddrPort) (Value, error)) (Value, error) {
	return o.lookup(c, host, func(c *Call, addrs []netip.Addr, err error) (Value, error) {
		if err != nil {
			if text, failed := lookupText(err); failed {
				c.Warn("%s", text)
			}
			return o.fail(c, err)
		}
		ports := make([]netip.AddrPort, len(addrs))
		for i, a := range addrs {
			ports[i] = netip.AddrPortFrom(a, port)
		}
		return next(c, ports)
	})
}

// fail ends the call after PHP had made a stream.
func (o *opening) fail(c *Call, err error) (Value, error) {
	c.failedStream()
	var e *resources.Error
	if errors.As(err, &e) {
		return o.refuse(c, int64(e.Errno), e.Text)
	}
	return o.refuse(c, 0, err.Error())
}

// refuse ends the call with false; an empty text leaves $error_message as it is.
func (o *opening) refuse(c *Call, code int64, text string) (Value, error) {
	shown := text
	if shown == "" {
		shown = "Unknown error"
	}
	c.Warn("Unable to connect to %s (%s)", o.quoted, shown)
	c.SetRef(1, Int(code))
	if text != "" {
		c.SetRef(2, String(text))
	}
	return Bool(false), nil
}

// lookup goes on with the addresses of a host: at once where it is numeric, else after
// the resolver has answered on a goroutine.
func (s *Sockets) lookup(c *Call, host string, next func(*Call, []netip.Addr, error) (Value, error)) (Value, error) {
	if _, numeric := resources.NumericHost(host); numeric || host == "" {
		addrs, err := resources.Resolve(c.Context(), s.Resolver, host)
		return next(c, addrs, err)
	}
	var addrs []netip.Addr
	var err error
	return c.Background(func(ctx context.Context) {
		addrs, err = resources.Resolve(ctx, s.Resolver, host)
	}, func(c *Call) (Value, error) {
		return next(c, addrs, err)
	})
}

// lookupText returns the text of which PHP makes a warning of its own. A resolver that
// refuses with an errno did not fail to resolve and gets none.
func lookupText(err error) (string, bool) {
	var e *resources.Error
	if !errors.As(err, &e) {
		return err.Error(), true
	}
	return e.Text, e.Errno == 0
}

// stream puts a socket into the table and returns it as a stream to be made.
func (s *Sockets) stream(socket *resources.Socket, n NewStream) Value {
	n.Socket = socket
	n.Handle = s.Table.Insert(socket)
	return StreamValue(&n)
}

// cString returns what PHP's %s prints of s: all before the first NUL.
func cString(s string) string {
	text, _, _ := strings.Cut(s, "\x00")
	return text
}
