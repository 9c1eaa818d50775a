package resources

import "net"

// TransportOf gives the transport that a connection of Go's is of, by the network
// of its local address; [TCP] for networks that scripts know nothing of.
func TransportOf(conn net.Conn) Transport {
	addr := conn.LocalAddr()
	if addr == nil {
		return TCP
	}
	switch addr.Network() {
	case "udp", "udp4", "udp6":
		return UDP
	case "unix":
		return Unix
	case "unixgram":
		return Udg
	case string(Mem):
		return Mem
	}
	return TCP
}
