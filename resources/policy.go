package resources

import (
	"context"
	"errors"
	"net/netip"
	"syscall"
)

// Operation is what a script is about to do with an address.
type Operation uint8

// The operations that a [Policy] is asked about.
const (
	OpListen Operation = iota + 1 // bind a server's socket, whether it listens later or not
	OpDial                        // connect a client's socket
	OpSend                        // send one datagram to an address that the socket is not connected to
)

var operationNames = [...]string{OpListen: "listen", OpDial: "dial", OpSend: "send"}

// String gives "listen", "dial" or "send".
func (o Operation) String() string {
	if o > 0 && int(o) < len(operationNames) {
		return operationNames[o]
	}
	return "unknown"
}

// Attempt is what a [Policy] judges: one operation on one address. A client
// whose host has several addresses makes one attempt for each that it tries.
type Attempt struct {
	Operation Operation
	Transport Transport
	// Addr is the numeric address of tcp and udp, after the name was looked
	// up: the very one that the kernel is given next. IPv4-mapped IPv6
	// addresses are written as the IPv4 addresses that they reach. For other
	// transports it is the zero value, which is not valid.
	Addr netip.AddrPort
	// Path is, for unix and udg, the absolute path of the file that is used
	// or made, with all symbolic links resolved, or an abstract name as raw
	// bytes from its leading NUL on, or "" where the kernel is to choose an
	// abstract name. For mem it is the name.
	Path string
	// Target is the address as the script wrote it, without "transport://".
	// Nothing may be allowed because of it: its host has been looked up
	// already, and another look-up may give other addresses.
	Target string
	// Script is the path of the main script, "" where code was given as text.
	Script string
	// Handle is the sending socket of OpSend, else 0.
	Handle Handle
	// Persistent: the socket is to outlive the script.
	Persistent bool
}

// Policy says what scripts may do: nil allows the attempt, an error refuses it.
// The script gets errno 13 and the error's text, or what an [*Error] with an
// Errno of its own says. A refused address of a client counts as one that did
// not answer: the next one is tried.
//
// A policy is called right before the system call, on PHP's thread, so it must
// not block; or, where the host's own network dials and listens, on goroutines,
// so it must be safe for concurrent use. A nil Policy allows everything, which
// is what PHP does.
//
// Ready-made policies are in package [github.com/phpsock/phpsock/resources/policy].
type Policy func(ctx context.Context, a Attempt) error

// Refusal puts the error of a [Policy] into the words of a failed system call:
// EACCES with the error's text, or the Errno and Text of an [*Error] in it.
func Refusal(op, address string, err error) *Error {
	refusal := &Error{Op: op, Address: address, Errno: syscall.EACCES, Text: err.Error()}
	var own *Error
	if errors.As(err, &own) && own.Errno != 0 {
		refusal.Errno, refusal.Text = own.Errno, own.Text
	}
	if refusal.Text == "" {
		refusal.Text = Strerror(refusal.Errno)
	}
	return refusal
}

// refuses asks Permit about a numeric address and gives the refusal, or nil.
func (o *Options) refuses(op Operation, ap netip.AddrPort) *Error {
	if o.Permit == nil {
		return nil
	}
	addr := ap.Addr().Unmap()
	if !addr.IsValid() {
		addr = netip.IPv6Unspecified() // what inetSockaddr makes of it
	}
	return o.ask(op, ap.String(), netip.AddrPortFrom(addr, ap.Port()), "")
}

// refusesName asks Permit about the real path of a file or a name. The refusal
// speaks of the address as it was written.
func (o *Options) refusesName(op Operation, path, written string) *Error {
	if o.Permit == nil {
		return nil
	}
	return o.ask(op, written, netip.AddrPort{}, path)
}

func (o *Options) ask(op Operation, address string, ap netip.AddrPort, path string) *Error {
	err := o.Permit(op, ap, path)
	if err == nil {
		return nil
	}
	call := "bind"
	switch op {
	case OpDial:
		call = "connect"
	case OpSend:
		call = "send"
	}
	return Refusal(call, address, err)
}
