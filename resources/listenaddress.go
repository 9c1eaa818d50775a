package resources

import (
	"net"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// listenAddress is what scripts bind, in the one form of the many that they may
// write it in.
type listenAddress struct {
	transport Transport
	target    string
	// fresh: the system chooses an address each time that this is bound.
	fresh bool
}

func (a listenAddress) String() string { return string(a.transport) + "://" + a.target }

// isPacket tells datagrams from streams.
func (a listenAddress) isPacket() bool { return isDatagram(a.transport) }

// parseListenAddress reads "transport://target". The error is an [*Error] with
// Op "parse".
func parseListenAddress(address string) (listenAddress, error) {
	transport, target := SplitTransport(address)
	t := Transport(strings.ToLower(transport))
	switch t {
	case TCP, UDP:
		if _, _, err := ParseHostPort(target); err != nil {
			return listenAddress{}, err
		}
	case Unix, Udg, Mem:
	default:
		return listenAddress{}, &Error{Op: "parse", Address: address, Text: "Nobody can listen on " + transport + "://"}
	}
	return canonical(t, target), nil
}

// canonical never fails: what cannot be parsed stands for itself.
func canonical(t Transport, target string) listenAddress {
	a := listenAddress{transport: t, target: target}
	switch t {
	case TCP, UDP:
		host, port, err := ParseHostPort(target)
		if err != nil {
			return a
		}
		a.fresh = port == 0
		if addr, ok := NumericHost(host); ok {
			a.target = netip.AddrPortFrom(addr.Unmap(), port).String()
		} else {
			a.target = net.JoinHostPort(strings.ToLower(host), strconv.Itoa(int(port)))
		}
	case Unix, Udg:
		path, _, _ := ParseUnixPath(target)
		a.target, a.fresh = absolutePath(path), path == ""
	case Mem:
		a.fresh = target == ""
	}
	return a
}

// absolutePath leaves abstract names alone. The thread is asked for its
// directory, because PHP's has one of its own.
func absolutePath(path string) string {
	if path == "" || path[0] == 0 {
		return path
	}
	if path[0] != '/' {
		directory, err := unix.Getwd()
		if err != nil {
			return path
		}
		path = directory + "/" + path
	}
	return filepath.Clean(path)
}

// bothFamilies gives the address whose listener may be serving this one, too: a
// socket on all IPv6 addresses takes IPv4 unless it was told not to, and nobody
// else can bind the port then.
func (a listenAddress) bothFamilies() (listenAddress, bool) {
	ap, err := netip.ParseAddrPort(a.target)
	if err != nil || a.transport != TCP && a.transport != UDP || ap.Addr() != netip.IPv4Unspecified() {
		return a, false
	}
	a.target = netip.AddrPortFrom(netip.IPv6Unspecified(), ap.Port()).String()
	return a, true
}

// netAddr is a name in the form of [Socket.Name] as an address of package net.
func netAddr(t Transport, name string) net.Addr {
	switch t {
	case TCP, UDP:
		ap, _ := netip.ParseAddrPort(name)
		if t == TCP {
			return net.TCPAddrFromAddrPort(ap)
		}
		return net.UDPAddrFromAddrPort(ap)
	case Unix, Udg:
		if strings.HasPrefix(name, "\x00") {
			name = "@" + name[1:]
		}
		network := "unix"
		if t == Udg {
			network = "unixgram"
		}
		return &net.UnixAddr{Name: name, Net: network}
	}
	return memAddr(name)
}
