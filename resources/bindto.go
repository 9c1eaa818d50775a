package resources

import (
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/sys/unix"
)

// bindTo is the local end that a client asked for. The host is kept as text
// because PHP chooses the family by whether there is a colon in it, before it
// looks whether it is an address.
type bindTo struct {
	host   string
	port   uint16
	wanted bool
}

// parseBindTo reads the option bindto. What has no port is ignored without a
// word.
func parseBindTo(option string) bindTo {
	if option == "" {
		return bindTo{}
	}
	host, port, err := ParseHostPort(option)
	if err != nil {
		return bindTo{}
	}
	return bindTo{host: host, port: port, wanted: true}
}

// rulesOut tells whether targets of this family are to be skipped: IPv6 ones
// where the local end is not IPv6. An IPv6 local end is given up for good at the
// first IPv4 target, as is "0".
func (b *bindTo) rulesOut(family uint16) bool {
	if !b.wanted {
		return false
	}
	colon := strings.Contains(b.host, ":")
	switch family {
	case unix.AF_INET6:
		return !colon
	case unix.AF_INET:
		if colon || b.host == "0" {
			b.wanted = false
		}
	}
	return false
}

// apply binds the descriptor and gives PHP's warning where that fails.
func (b *bindTo) apply(fd int, family uint16) (warning string) {
	// The port is chosen at connect, when the other end is known, so that
	// many connections can share one.
	setFlag(fd, unix.SOL_IP, unix.IP_BIND_ADDRESS_NO_PORT)
	addr, err := netip.ParseAddr(b.host)
	if err != nil || addr.Zone() != "" || addr.Is4() != (family == unix.AF_INET) {
		return "Invalid IP Address: " + b.host
	}
	local, _ := inetSockaddr(netip.AddrPortFrom(addr, b.port))
	if errno := sysBind(fd, &local); errno != 0 {
		return fmt.Sprintf("Failed to bind to '%s:%d', system said: %s", b.host, b.port, Strerror(errno))
	}
	return ""
}
