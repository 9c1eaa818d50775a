package ssl

import (
	"slices"
	"strings"
)

const (
	longestProtocol  = 255   // its length is one byte
	longestProtocols = 65534 // bytes of the whole option
)

// Protocols returns the names of the option alpn_protocols, which are separated by
// commas. ok is false where PHP says "Failed parsing comma-separated TLS ALPN protocol
// string". A NUL ends the option.
//
// No names with ok true means no ALPN: an empty name makes OpenSSL leave the whole list
// of a client out, while on a server it is passed over.
func Protocols(list string, server bool) (protocols []string, ok bool) {
	list = cString(list)
	if len(list) > longestProtocols {
		return nil, false
	}
	empty := false
	for name := range strings.SplitSeq(list, ",") {
		switch {
		case len(name) > longestProtocol:
			return nil, false
		case name == "":
			empty = true
		default:
			protocols = append(protocols, name)
		}
	}
	if empty && !server {
		return nil, true
	}
	return protocols, true
}

// SelectProtocol returns the first protocol of the server that the client offers, or
// "", with which the handshake of PHP's servers goes on without ALPN. The server of
// crypto/tls would end it: it must be given the result, or nothing, as its NextProtos.
func SelectProtocol(server, client []string) string {
	for _, name := range server {
		if name != "" && slices.Contains(client, name) {
			return name
		}
	}
	return ""
}

// cString cuts s at its first NUL, where it ends for a function of C.
func cString(s string) string {
	before, _, _ := strings.Cut(s, "\x00")
	return before
}
