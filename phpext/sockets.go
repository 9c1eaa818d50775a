package phpext

import (
	"context"
	"errors"
	"net/netip"
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
	// MaxPersistent is how many persistent sockets may be open at a time; 0 means any
	// number, a negative one none. Beyond it a connect fails with EMFILE.
	MaxPersistent int
	// Policy is asked for every address right before it is used; nil allows all.
	Policy resources.Policy
	// Dialer makes connections instead of the kernel, nil: the kernel does.
	Dialer resources.Dialer
	// ListenConfig makes listeners and datagram servers; nil: the kernel does.
	ListenConfig resources.ListenConfig
	// Memory is the network of the transport mem; nil: there is none.
	Memory *resources.Memory
	// Listeners are those of the host: a server that asks for the address of one gets it.
	Listeners *resources.Listeners
	// KeepListeners keeps what a script listens on in Listeners, for the next script.
	KeepListeners bool
	// Limits are those of the current run; nil: there are none.
	Limits func() Limits
	// Draining tells whether the host wants the script to come to its end, which asks for
	// that; nil: never.
	Draining func() bool
	// Observer is told what happens; nil: nobody is.
	Observer resources.Observer
}

// Limits are what [Sockets] keeps to within a run.
type Limits struct {
	OpenSockets  int              // 0: any number
	DatagramSize int              // in bytes, 0: any size
	Rates        *resources.Rates // nil: no limits
}

// Functions returns the rows: those that stand in for functions of PHP, and the hidden
// ones with which the engine's transports open sockets, whatever PHP code asks for them.
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
		s.drainingFunction(),
		s.transportConnect(),
		s.transportReuse(),
		s.transportName(),
		s.transportBind(),
	}
}

// makes tells whether the sockets of a transport are made here.
func (s *Sockets) makes(transport string) bool {
	switch resources.Transport(transport) {
	case resources.TCP, resources.UDP, resources.Unix, resources.Udg:
		return true
	case resources.Mem:
		return s.Memory != nil
	}
	return false
}

func (s *Sockets) transports() []string {
	if s.Transports != nil {
		return s.Transports()
	}
	own := []string{string(resources.TCP), string(resources.UDP), string(resources.Unix), string(resources.Udg)}
	if s.Memory != nil {
		own = append(own, string(resources.Mem))
	}
	return own
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
		addrs, err = abandon(ctx, func() ([]netip.Addr, error) {
			return resources.Resolve(ctx, s.Resolver, host)
		}, func([]netip.Addr) {})
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
