package policy

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLoopbackOnly(t *testing.T) {
	p := LoopbackOnly()
	for _, verb := range []string{"listen tcp://", "dial tcp://", "listen udp://", "dial udp://", "send udp://"} {
		for _, address := range []string{
			"127.0.0.1", "127.0.0.0", "127.255.255.255", "::1", "::1%1", "::ffff:127.0.0.1", "::ffff:127.9.9.9",
		} {
			allowed(t, p, verb+address)
		}
		for _, address := range []string{
			"0.0.0.0", "::", "126.255.255.255", "128.0.0.0", "10.0.0.1", "8.8.8.8", "255.255.255.255", "::2", "::127.0.0.1",
			"fe80::1%lo", "::ffff:10.0.0.1", "::ffff:0.0.0.0", "64:ff9b::127.0.0.1", "2002:7f00:1::", "2001:db8::1",
		} {
			refused(t, p, verb+address)
		}
	}
	refused(t, p, "listen unix:///run/s", "dial unix:///run/s", "dial udg://@name", "listen unix://", "dial other://x")
	allowed(t, p, "listen mem://name", "dial mem://name")
	require.Equal(t, "0.0.0.0:80 is not a loopback address", reason(t, p, "listen tcp://0.0.0.0"))
	require.Equal(t, "a socket without a name is not a loopback address", reason(t, p, "listen unix://"))
}

func TestAllowCIDR(t *testing.T) {
	networks := []netip.Prefix{
		netip.MustParsePrefix("10.1.2.3/16"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("fe80::/10"),
		netip.MustParsePrefix("::ffff:192.168.0.0/112"), {},
	}
	p := AllowCIDR(networks...)
	networks[0] = netip.MustParsePrefix("0.0.0.0/0")
	allowed(t, p, "dial tcp://10.1.0.0", "send udp://10.1.255.255", "listen tcp://10.1.2.3", "dial tcp://::ffff:10.1.2.3",
		"dial tcp://2001:db8::1", "dial tcp://2001:db8::1%1", "dial tcp://fe80::1%eth0", "dial tcp://192.168.3.4")
	refused(t, p, "dial tcp://10.2.0.0", "dial tcp://10.0.255.255", "dial tcp://2001:db9::1", "dial tcp://192.169.0.1",
		"dial tcp://::10.1.2.3", "dial unix:///s", "dial unix://@s", "dial unix://", "dial mem://s")
	require.Equal(t, "[2001:db9::1]:80 is not in an allowed network", reason(t, p, "dial tcp://2001:db9::1"))

	refused(t, AllowCIDR(), "dial tcp://127.0.0.1", "dial unix:///s", "dial mem://s")
	refused(t, AllowCIDR(netip.MustParsePrefix("::/0")), "dial tcp://127.0.0.1", "dial tcp://::ffff:127.0.0.1", "dial unix://")
	refused(t, AllowCIDR(netip.MustParsePrefix("0.0.0.0/0")), "dial tcp://::1", "dial unix://")
	allowed(t, AllowCIDR(netip.MustParsePrefix("::ffff:0:0/96")), "dial tcp://127.0.0.1")
}

func TestAllowPorts(t *testing.T) {
	p := AllowPorts(80, 443)
	allowed(t, p, "dial tcp://10.0.0.1:80", "dial tcp://10.0.0.1:443", "send udp://[::1]:81", "listen tcp://0.0.0.0:100")
	refused(t, p, "dial tcp://10.0.0.1:79", "dial tcp://10.0.0.1:444", "listen tcp://0.0.0.0:0", "dial unix:///80", "dial mem://80")
	require.Equal(t, "10.0.0.1:25 is not on an allowed port", reason(t, p, "dial tcp://10.0.0.1:25"))

	allowed(t, AllowPorts(0, 65535), "listen tcp://127.0.0.1:0", "dial tcp://127.0.0.1:65535")
	refused(t, AllowPorts(0, 65535), "dial unix:///s", "dial unix://", "dial mem://s")
	refused(t, AllowPorts(443, 80), "dial tcp://127.0.0.1:80", "dial tcp://127.0.0.1:443", "dial tcp://127.0.0.1:100")
	allowed(t, AllowPorts(53, 53), "send udp://127.0.0.1:53")
}

func TestAllowPaths(t *testing.T) {
	p := AllowPaths("/run/app.sock", "/run/./other//x", "/srv/app/", "/srv//b/../c/", "\x00name", "relative", "\x00dir/")
	allowed(t, p, "dial unix:///run/app.sock", "listen udg:///run/app.sock", "dial unix:///run/other/x", "dial unix:///srv/app/s",
		"dial unix:///srv/app/deep/er/s", "listen unix:///srv/app/..s", "dial unix:///srv/c/s", "dial unix://@name")
	refused(t, p, "dial unix:///run/app.sock2", "dial unix:///run/app.soc", "dial unix:///run/app.sock/s", "dial unix:///srv/app",
		"dial unix:///srv/apps/s", "dial unix:///srv/app/../x", "dial unix:///srv/app/", "dial unix:///srv/app//s", "dial unix:///srv/b/s",
		"dial unix://", "dial unix://@name2", "dial unix://@nam", "dial unix://@", "dial unix:///name", "dial unix://@dir/s",
		"dial unix://run/app.sock", "dial unix://srv/app/s", "dial unix://@/srv/app/s",
		"dial mem:///run/app.sock", "dial mem://relative", "dial tcp://127.0.0.1", "dial tcp://::", "dial other:///run/app.sock")
	require.Equal(t, "/run/x is not an allowed path", reason(t, p, "dial unix:///run/x"))
	require.Equal(t, "@x is not an allowed path", reason(t, p, "dial unix://@x"))
	require.Equal(t, "127.0.0.1:80 is not an allowed path", reason(t, p, "dial tcp://127.0.0.1"))

	root := AllowPaths("/")
	allowed(t, root, "dial unix:///s", "dial unix:///a/b")
	refused(t, root, "dial unix://@s", "listen unix://", "dial tcp://127.0.0.1")
	allowed(t, AllowPaths(""), "listen unix://")
	refused(t, AllowPaths(""), "dial unix://@", "dial unix:///s", "dial tcp://127.0.0.1", "dial mem://")
	refused(t, AllowPaths(), "dial unix:///s", "listen unix://")
	allowed(t, AllowPaths("\x00"), "dial unix://@")
	refused(t, AllowPaths("\x00"), "dial unix://@a", "listen unix://")
}

func TestAllowNames(t *testing.T) {
	p := AllowNames("db", "cache")
	allowed(t, p, "dial mem://db", "listen mem://cache")
	refused(t, p, "dial mem://d", "dial mem://", "dial mem://db/", "dial unix://db", "dial unix://@db", "dial tcp://127.0.0.1")
	require.Equal(t, "x is not an allowed name", reason(t, p, "dial mem://x"))
	refused(t, AllowNames(), "dial mem://")
}
