package phpext

import (
	"net/netip"
	"syscall"
	"time"

	"github.com/phpsock/phpsock/resources"
)

// What the host decides and sees while sockets are opened.

// begin starts the clock for whoever observes.
func (o *opening) begin() {
	if o.Observer != nil {
		o.begun = time.Now()
	}
}

// opened ends an opening: the rates are put on the socket, the observer is told, and
// whoever asked goes on.
func (o *opening) opened(c *Call, kind resources.EventKind, socket *resources.Socket, err error) (Value, error) {
	if err == nil {
		socket, err = o.throttle(socket)
	}
	v, err2 := o.made(c, socket, err)
	if o.Observer != nil {
		e := resources.Event{Kind: kind, Duration: time.Since(o.begun), Err: err, Target: o.target}
		if socket != nil && err == nil {
			e.Info = socket.Info()
		} else {
			e.Transport = o.transport
		}
		o.observe(c, e)
	}
	return v, err2
}

func (s *Sockets) observe(c *Call, e resources.Event) {
	if s.Observer == nil {
		return
	}
	e.Time = time.Now()
	e.Run, e.Script = c.env.Run, c.env.Script
	s.Observer(e)
}

// permit returns what asks the policy for one opening, nil where there is none.
func (o *opening) permit(c *Call) func(resources.Operation, netip.AddrPort, string) error {
	if o.Policy == nil {
		return nil
	}
	return func(op resources.Operation, addr netip.AddrPort, path string) error {
		return o.ask(c, resources.Attempt{
			Operation: op, Transport: o.transport, Addr: addr, Path: path,
			Target: o.target, Persistent: o.persistent,
		})
	}
}

// ask asks the policy; a refusal is an [*resources.Error] with EACCES and the policy's
// reason, unless it brings an errno of its own.
func (s *Sockets) ask(c *Call, a resources.Attempt) error {
	a.Script = c.env.Script
	reason := s.Policy(c.Context(), a)
	if reason == nil {
		return nil
	}
	err := resources.Refusal(a.Operation.String(), a.Target, reason)
	s.observe(c, resources.Event{
		Kind: resources.EventRefuse, Info: resources.Info{Transport: a.Transport, Handle: a.Handle}, Target: a.Target, Err: err,
	})
	return err
}

// room says whether so many more sockets may be opened, with EMFILE where not.
func (s *Sockets) room(c *Call, more int) error {
	if s.Limits == nil {
		return nil
	}
	limit := s.Limits().OpenSockets
	if limit == 0 || s.Table.Len()+more <= limit {
		return nil
	}
	err := &resources.Error{Op: "socket", Errno: syscall.EMFILE, Text: resources.Strerror(syscall.EMFILE)}
	s.observe(c, resources.Event{Kind: resources.EventLimit, Err: err})
	return err
}

// tooLong says whether so many bytes are more than a datagram of the socket may have.
func (s *Sockets) tooLong(c *Call, socket *resources.Socket, n int) bool {
	limit := s.datagramSize(socket)
	if limit == 0 || n <= limit {
		return false
	}
	s.observe(c, resources.Event{Kind: resources.EventLimit, Info: socket.Info(), Err: syscall.EMSGSIZE})
	return true
}

// datagramSize returns the longest datagram that the socket may send or receive, 0 where
// nothing limits it.
func (s *Sockets) datagramSize(socket *resources.Socket) int {
	if t := socket.Transport(); s.Limits == nil || t != resources.UDP && t != resources.Udg {
		return 0
	}
	return s.Limits().DatagramSize
}

// throttle puts the run's rates on a socket, which is used up.
func (s *Sockets) throttle(socket *resources.Socket) (*resources.Socket, error) {
	if s.Limits == nil {
		return socket, nil
	}
	return resources.Throttle(socket, s.Limits().Rates)
}

// drainingFunction tells a script whether the host wants it to come to its end: no new
// connections arrive. A script that never calls it is ended at its first wait after it has
// closed the last connection; one that does ends by itself, and is not left waiting for
// clients meanwhile.
func (s *Sockets) drainingFunction() Function {
	return Function{
		Prototype: "phpsock_draining(): bool",
		Call: func(*Call) (Value, error) {
			return Bool(s.Draining != nil && s.Draining()), nil
		},
	}
}

// permitSend asks the policy whether a datagram may go to an address.
func (s *Sockets) permitSend(c *Call, socket *resources.Socket, to netip.AddrPort, target string) error {
	if s.Policy == nil {
		return nil
	}
	return s.ask(c, resources.Attempt{
		Operation: resources.OpSend, Transport: socket.Transport(), Addr: netip.AddrPortFrom(to.Addr().Unmap(), to.Port()),
		Target: target, Handle: socket.Handle(),
	})
}

// permitReuse asks the policy again about the other end of a persistent client.
func (s *Sockets) permitReuse(c *Call, socket *resources.Socket) error {
	if s.Policy == nil {
		return nil
	}
	a := resources.Attempt{
		Operation: resources.OpDial, Transport: socket.Transport(), Target: socket.Remote(), Persistent: true,
	}
	if addr, err := netip.ParseAddrPort(socket.Remote()); err == nil {
		a.Addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	} else {
		a.Path = socket.Remote()
	}
	return s.ask(c, a)
}
