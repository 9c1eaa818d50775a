package phpext

import (
	"fmt"

	"github.com/phpsock/phpsock/resources"
)

// Resource is a PHP resource that a script handed in.
type Resource struct {
	// Type is PHP's name of the resource's type: "stream", "persistent stream",
	// "stream-context", …, or "Unknown" once it was closed.
	Type string
	// ID is the number that PHP prints for it.
	ID int64
	// Handle names the socket behind a stream; 0: it is not one of this host's sockets.
	Handle resources.Handle
}

// String returns for example "resource(stream #3)".
func (r *Resource) String() string { return fmt.Sprintf("resource(%s #%d)", r.Type, r.ID) }

// isStream reports whether PHP would take r where it wants a stream.
func (r *Resource) isStream() bool { return r.Type == "stream" || r.Type == "persistent stream" }

// NewStream is a stream that PHP is to make from a socket of the host's table.
type NewStream struct {
	Socket *resources.Socket
	Handle resources.Handle
	// Server: the socket is bound. PHP marks such streams NO_IO, which feof looks at.
	Server bool
	// Async: a connect is under way and the descriptor is non-blocking, although the
	// stream calls itself blocking.
	Async bool
	// Accepted: the socket comes from a listener.
	Accepted bool
	// Target is the address that a client asked for, without the transport: the name
	// that the peer's certificate must have.
	Target string
	// NoDefaultContext: without a context of its own the stream gets none at all.
	NoDefaultContext bool
}
