package policy

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/resources"
)

// The first and last addresses of what is not public, and those beside them.
var notPublic = []string{
	// This host, and every host.
	"0.0.0.0", "0.0.0.1", "0.255.255.255", "::", "255.255.255.255",
	// Loopback.
	"127.0.0.0", "127.0.0.1", "127.1.2.3", "127.255.255.255", "::1", "::1%1", "::2",
	// Private.
	"10.0.0.0", "10.1.2.3", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255",
	"fc00::", "fc00::1", "fd00::1", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	// Carrier-grade NAT.
	"100.64.0.0", "100.100.100.200", "100.127.255.255",
	// Link-local, site-local.
	"169.254.0.0", "169.254.169.254", "169.254.255.255", "fe80::", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "feff::1",
	// Metadata services.
	"168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254",
	// Protocol assignments.
	"192.0.0.0", "192.0.0.8", "192.0.0.170", "192.0.0.255", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.175.48.1",
	"2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff:ffff::1", "2620:4f:8000::1",
	// Documentation.
	"192.0.2.0", "192.0.2.255", "198.51.100.1", "203.0.113.255", "2001:db8::", "2001:db8:ffff::1", "3fff::1", "3fff:fff::1",
	// Benchmarking.
	"198.18.0.0", "198.19.255.255",
	// Multicast.
	"224.0.0.0", "224.0.0.1", "239.255.255.255", "ff00::", "ff01::1", "ff02::1", "ff02::1%eth0", "ff0e::1", "ffff::1",
	// Reserved.
	"240.0.0.0", "250.1.2.3", "255.255.255.254", "4000::1", "8000::", "1fff::1", "100::1", "5f00::1", "200::1",
	// IPv4-mapped.
	"::ffff:0.0.0.0", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:192.168.1.1", "::ffff:169.254.169.254", "::ffff:7f00:1",
	"::ffff:127.0.0.1%1",
	// IPv4-compatible, and translated in the old way.
	"::127.0.0.1", "::10.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8",
	// NAT64.
	"64:ff9b::", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1%1",
	"64:ff9b:1::", "64:ff9b:1::8.8.8.8", "64:ff9b:1:ffff::10.0.0.1", "64:ff9b:0:1::8.8.8.8",
	// 6to4.
	"2002::", "2002:7f00:1::1", "2002:a00:1::1", "2002:c0a8:101::1", "2002:808:808::1",
	// Teredo.
	"2001::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:0:0a00:1::1",
	// ISATAP.
	"2600::5efe:10.0.0.1", "2600::200:5efe:192.168.0.1", "2600::5efe:127.0.0.1",
}

var public = []string{
	"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
	"168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255",
	"192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0",
	"203.0.112.255", "203.0.114.0", "223.255.255.255",
	"2000::1", "2001:200::1", "2001:4860:4860::8888", "2001:db7::1", "2001:db9::1", "2003::1", "2606:4700:4700::1111", "2a00::1",
	"2620:4f:8001::1", "3ffe::1", "3fff:1000::1", "2a00::1%1",
	"::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2600::5efe:8.8.8.8", "2600::100:5efe:10.0.0.1",
}

func TestPublicOnly(t *testing.T) {
	p := PublicOnly()
	for _, address := range notPublic {
		for _, verb := range []string{"dial tcp://", "dial udp://", "send udp://"} {
			refused(t, p, verb+address)
		}
		allowed(t, p, "listen tcp://"+address)
	}
	for _, address := range public {
		allowed(t, p, "dial tcp://"+address, "send udp://"+address, "listen udp://"+address)
	}
	refused(t, p, "dial unix:///run/s", "dial udg://@name", "dial unix://", "dial mem://name", "dial other://name")
	allowed(t, p, "listen unix:///run/s", "listen mem://name")
	require.Equal(t, "10.0.0.1:80 is not a public address", reason(t, p, "dial tcp://10.0.0.1:80"))
	require.Equal(t, "[fe80::1%eth0]:80 is not a public address", reason(t, p, "dial tcp://fe80::1%eth0"))
	require.Equal(t, "/run/s is not a public address", reason(t, p, "dial unix:///run/s"))
	require.Equal(t, "@name is not a public address", reason(t, p, "dial unix://@name"))
}

func TestPublicOnlyRefusesWhatItDoesNotKnow(t *testing.T) {
	require.Error(t, PublicOnly()(context.Background(), resources.Attempt{}))
}

// netip has an opinion of its own, which is that of nobody who wrote the table.
func checkPublic(t testing.TB, addr netip.Addr) {
	t.Helper()
	if !isPublic(addr) {
		return
	}
	addr = addr.Unmap()
	private := addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast() || addr.IsMulticast() || addr.IsUnspecified()
	require.False(t, private, "%v", addr)
	require.True(t, addr.IsGlobalUnicast(), "%v", addr)
	if addr.Is6() {
		b := addr.As16()
		for at := 0; at <= 12 && b[0] == 0; at++ {
			inner := netip.AddrFrom4([4]byte(b[at:]))
			require.False(t, at == 12 && (inner.IsPrivate() || inner.IsLoopback()), "%v", addr)
		}
	}
}

func TestPublicOnlyAgreesWithNetip(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := random.Uint32
	for range 200_000 {
		v4 := [4]byte{byte(word()), byte(word()), byte(word()), byte(word())}
		checkPublic(t, netip.AddrFrom4(v4))
		checkPublic(t, netip.AddrFrom16(netip.AddrFrom4(v4).As16()))
		var v6 [16]byte
		for i := range v6 {
			if word()&3 != 0 { // many zeros
				v6[i] = byte(word())
			}
		}
		checkPublic(t, netip.AddrFrom16(v6))
	}
}

// Whatever is asked of one address is the same for all the ways to write it.
func FuzzPublicOnly(f *testing.F) {
	for _, address := range append(notPublic, public...) {
		b := netip.MustParseAddr(address).As16()
		f.Add(b[:])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		addr, ok := netip.AddrFromSlice(b)
		if !ok {
			return
		}
		checkPublic(t, addr)
		require.Equal(t, isPublic(addr), isPublic(addr.Unmap()))
		require.Equal(t, isPublic(addr), isPublic(addr.WithZone("1")))
		if addr.Is4() {
			b := addr.As4()
			through := [16]byte{0, 0x64, 0xff, 0x9b, 12: b[0], b[1], b[2], b[3]}
			require.Equal(t, isPublic(addr), isPublic(netip.AddrFrom16(through)))
			require.Equal(t, isPublic(addr), isPublic(netip.AddrFrom16(addr.As16())))
		}
	})
}
