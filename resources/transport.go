package resources

// Transport is the part of an address before "://": the kind of socket that PHP
// asked for.
type Transport string

// The transports whose sockets this package makes.
const (
	TCP  Transport = "tcp"  // stream over IPv4 or IPv6
	UDP  Transport = "udp"  // datagrams over IPv4 or IPv6
	Unix Transport = "unix" // stream in the unix domain
	Udg  Transport = "udg"  // datagrams in the unix domain
	Pair Transport = "pair" // one end of a socketpair; no address names it
	// Descriptor is a socket that was there already and that a script found as
	// php://fd/N.
	Descriptor Transport = "fd"
)

// Kind tells what a socket was made for.
type Kind uint8

// The kinds of socket.
const (
	KindUnbound  Kind = iota // no descriptor yet
	KindListener             // bound and listening
	KindBound                // bound, not listening: datagram servers
	KindConn                 // connected, connecting or accepted
	KindPair                 // one end of a socketpair
)

var kindNames = [...]string{"unbound", "listener", "bound", "connection", "pair"}

// String gives the kind in one lower-case word.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}
