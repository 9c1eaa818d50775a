package resources

import (
	"net"
	"net/netip"
	"strings"
)

// nameOf writes an address of package net in the form of [Socket.Name].
func nameOf(a net.Addr) string {
	switch a := a.(type) {
	case nil:
		return ""
	case *net.UnixAddr:
		if a == nil {
			return ""
		}
		if a.Name == "@" { // what package net calls one without a name
			return ""
		}
		if strings.HasPrefix(a.Name, "@") {
			return "\x00" + a.Name[1:]
		}
		return a.Name
	case *net.TCPAddr:
		return inetName(a.AddrPort())
	case *net.UDPAddr:
		return inetName(a.AddrPort())
	}
	text := a.String()
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return inetName(ap)
	}
	return text
}

// inetName leaves IPv4-mapped addresses to IPv4, as the types of package net do.
func inetName(ap netip.AddrPort) string {
	if !ap.IsValid() {
		return ""
	}
	a, _ := inetSockaddr(netip.AddrPortFrom(ap.Addr().Unmap().WithZone(""), ap.Port()))
	return a.text()
}

// mappedName writes the name of an IPv4 address as a socket of both families has
// it, "[::ffff:1.2.3.4]:5". Others stay as they are.
func mappedName(name string) string {
	ap, err := netip.ParseAddrPort(name)
	if err != nil || !ap.Addr().Is4() {
		return name
	}
	return netip.AddrPortFrom(netip.AddrFrom16(ap.Addr().As16()), ap.Port()).String()
}

// takesBothFamilies tells whether a name is of all IPv6 addresses, where clients
// of IPv4 arrive, too, unless they are kept off.
func takesBothFamilies(name string) bool { return strings.HasPrefix(name, "[::]:") }

// isAnyAddress tells whether a name in the form of [Socket.Name] stands for all
// addresses of the host.
func isAnyAddress(name string) bool {
	ap, err := netip.ParseAddrPort(name)
	return err == nil && ap.Addr().Unmap().IsUnspecified()
}
