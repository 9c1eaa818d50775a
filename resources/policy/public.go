package policy

import (
	"net/netip"
	"slices"

	"github.com/phpsock/phpsock/resources"
)

// PublicOnly keeps scripts that fetch what strangers name away from everything
// that is not on the public Internet: loopback, private and link-local networks,
// the metadata services of clouds, multicast, reserved and documentation
// addresses, unix sockets and mem. It says nothing about listening.
//
// Addresses that stand for an IPv4 address, as NAT64's 64:ff9b::/96 does, are
// judged by that one; 6to4 and Teredo are refused altogether.
//
// It cannot know which public addresses are the host's own, nor a NAT64 under a
// prefix of the network's own. Refuse those beside it:
//
//	policy.All(
//		policy.PublicOnly(),
//		policy.Outgoing(policy.Not(policy.AllowCIDR(own...), "this is one of ours")),
//	)
func PublicOnly() resources.Policy {
	return Outgoing(allow(func(a resources.Attempt) bool {
		return isPublic(a.Addr.Addr())
	}, "is not a public address"))
}

// global6 is all that IANA has given out for use on the Internet. Loopback,
// mapped and compatible addresses, fc00::/7, fe80::/10, the site-local fec0::/10,
// multicast and what comes in the future are outside.
var global6 = netip.MustParsePrefix("2000::/3")

// special is taken out of what is public: the registries of special-purpose
// addresses of IANA, including the few in them that may be reached but that
// nobody fetches anything from.
var special = prefixes(
	"0.0.0.0/8",         // this host; Linux takes 0.0.0.0 for loopback
	"10.0.0.0/8",        // private
	"100.64.0.0/10",     // carrier-grade NAT, and Alibaba's metadata
	"127.0.0.0/8",       // loopback
	"168.63.129.16/32",  // Azure's own service in every virtual network
	"169.254.0.0/16",    // link-local, and the metadata of most clouds
	"172.16.0.0/12",     // private
	"192.0.0.0/24",      // protocol assignments, and Oracle's metadata
	"192.0.2.0/24",      // documentation
	"192.31.196.0/24",   // AS112
	"192.52.193.0/24",   // AMT
	"192.88.99.0/24",    // relays of 6to4
	"192.168.0.0/16",    // private
	"192.175.48.0/24",   // AS112
	"198.18.0.0/15",     // benchmarking
	"198.51.100.0/24",   // documentation
	"203.0.113.0/24",    // documentation
	"224.0.0.0/4",       // multicast
	"240.0.0.0/4",       // reserved, and broadcast
	"2001::/23",         // protocol assignments: Teredo, benchmarking, ORCHID
	"2001:db8::/32",     // documentation
	"2002::/16",         // 6to4
	"2620:4f:8000::/48", // AS112
	"3fff::/20",         // documentation
)

// nat64 ends in the IPv4 address that it stands for.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

func isPublic(addr netip.Addr) bool {
	// No network holds an address with a zone.
	addr = addr.Unmap().WithZone("")
	if nat64.Contains(addr) {
		addr = lastFour(addr)
	}
	switch {
	case !addr.IsValid(), addr.Is6() && !global6.Contains(addr):
		return false
	case isISATAP(addr) && !isPublic(lastFour(addr)):
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// isISATAP tells addresses of the tunnel that any prefix may have, by what comes
// before their IPv4 address: 0000:5efe or 0200:5efe.
func isISATAP(addr netip.Addr) bool {
	if !addr.Is6() {
		return false
	}
	b := addr.As16()
	return b[8]&^2 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe
}

// lastFour gives the IPv4 address at the end.
func lastFour(addr netip.Addr) netip.Addr {
	b := addr.As16()
	return netip.AddrFrom4([4]byte(b[12:]))
}
