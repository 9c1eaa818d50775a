package resources

import (
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// NumericHost reads the hosts that glibc's getaddrinfo takes without asking
// anybody: IPv4 in every form of inet_aton ("127.0.0.1", "127.1", "0x7f.1",
// "0177.0.0.1", "2130706433") and IPv6 as text, with a zone after '%' that is
// an interface's number or, for addresses local to a link, its name.
func NumericHost(host string) (netip.Addr, bool) {
	if strings.IndexByte(host, ':') < 0 {
		return inetAton(host)
	}
	text, zone, zoned := strings.Cut(host, "%")
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}, false
	}
	if !zoned {
		return addr, true
	}
	id, ok := scopeID(addr, zone)
	if !ok {
		return netip.Addr{}, false
	}
	if id == 0 {
		return addr, true
	}
	return addr.WithZone(zone), true
}

// inetAton reads one to four numbers with dots between. Each but the last is a
// byte; the last fills the bytes that are left.
func inetAton(host string) (netip.Addr, bool) {
	last := strings.Count(host, ".")
	if last > 3 {
		return netip.Addr{}, false
	}
	var value uint64
	for i, rest := 0, host; i <= last; i++ {
		var part string
		part, rest, _ = strings.Cut(rest, ".")
		// A leading digit is demanded because ParseUint would take neither a
		// sign nor a space, but would take "_".
		if part == "" || part[0] < '0' || part[0] > '9' {
			return netip.Addr{}, false
		}
		n, ok := cNumber(part)
		left := 4 - i
		if i < last {
			if !ok || n > 0xff {
				return netip.Addr{}, false
			}
			value |= n << (8 * (left - 1))
			continue
		}
		if !ok || n >= 1<<(8*left) {
			return netip.Addr{}, false
		}
		value |= n
	}
	var bytes [4]byte
	binary.BigEndian.PutUint32(bytes[:], uint32(value))
	return netip.AddrFrom4(bytes), true
}

// cNumber reads a number as C writes it: 0x for hexadecimal, 0 for octal.
func cNumber(s string) (uint64, bool) {
	base := 10
	switch {
	case strings.HasPrefix(s, "0x"), strings.HasPrefix(s, "0X"):
		s, base = s[2:], 16
	case len(s) > 1 && s[0] == '0':
		s, base = s[1:], 8
	}
	n, err := strconv.ParseUint(s, base, 64)
	return n, err == nil
}

// scopeID turns a zone into the number that the kernel wants: the name of an
// interface where the address is local to a link or an interface, else a
// decimal number.
func scopeID(addr netip.Addr, zone string) (uint32, bool) {
	local := addr.IsLinkLocalUnicast() || addr.IsLinkLocalMulticast() || addr.IsInterfaceLocalMulticast()
	if local && !addr.Is4In6() {
		if index, ok := interfaceIndex(zone); ok {
			return index, true
		}
	}
	n, err := strconv.ParseUint(zone, 10, 32)
	return uint32(n), err == nil
}

// interfaceIndex asks the kernel as if_nametoindex does, so that it is the
// kernel that says what names an interface; net.InterfaceByName would refuse
// "lo:1".
func interfaceIndex(name string) (uint32, bool) {
	request, err := unix.NewIfreq(name)
	if err != nil {
		return 0, false
	}
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, false
	}
	defer func() { _ = unix.Close(fd) }()
	if err := unix.IoctlIfreq(fd, unix.SIOCGIFINDEX, request); err != nil {
		return 0, false
	}
	return request.Uint32(), true
}
