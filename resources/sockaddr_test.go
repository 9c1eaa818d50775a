package resources

import (
	"net/netip"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestInetNames(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:80":           "127.0.0.1:80",
		"0.0.0.0:0":              "0.0.0.0:0",
		"[::1]:65535":            "[::1]:65535",
		"[::]:1":                 "[::]:1",
		"[::ffff:127.0.0.1]:80":  "[::ffff:127.0.0.1]:80",
		"[fe80::1%1]:80":         "[fe80::1]:80",
		"[::1.2.3.4]:5":          "[::1.2.3.4]:5",
		"[::0.0.1.2]:5":          "[::102]:5",
		"[1:0:0:2:0:0:0:3]:5":    "[1:0:0:2::3]:5",
		"[1:0:2:3:4:5:6:7]:5":    "[1:0:2:3:4:5:6:7]:5",
		"[2001:db8::a:0:0:b]:66": "[2001:db8::a:0:0:b]:66",
	} {
		a, errno := inetSockaddr(netip.MustParseAddrPort(addr))
		require.Zero(t, errno)
		require.Equal(t, want, a.text())
	}
}

func TestInetSockaddrZone(t *testing.T) {
	a, errno := inetSockaddr(netip.MustParseAddrPort("[fe80::1%3]:1"))
	require.Zero(t, errno)
	require.Equal(t, byte(3), a.buf[scopeAt]|a.buf[scopeAt+3])
	_, errno = inetSockaddr(netip.MustParseAddrPort("[fe80::1%no such]:1"))
	require.Equal(t, syscall.ENODEV, errno)
}

func TestUnixNames(t *testing.T) {
	long := strings.Repeat("x", 120)
	for path, want := range map[string]string{
		"":            "",
		"/run/x":      "/run/x",
		"@x":          "@x",
		"/run/x\x00y": "/run/x",
		"\x00":        "\x00",
		"\x00a\x00b":  "\x00a\x00b",
		long:          long[:107],
		"\x00" + long: "\x00" + long[:107],
	} {
		a := unixSockaddr(path)
		require.Equal(t, want, a.text(), "%q", path)
	}
	var none sockaddr
	require.Empty(t, none.text())
	none.len = familySize
	none.setFamily(unix.AF_NETLINK)
	require.Empty(t, none.text())
}
