package resources

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNameOf(t *testing.T) {
	for want, addr := range map[string]net.Addr{
		"":                     &net.UnixAddr{Name: "@"},
		"\x00x":                &net.UnixAddr{Name: "@x"},
		"/a":                   &net.UnixAddr{Name: "/a"},
		"127.0.0.1:80":         &net.TCPAddr{IP: net.ParseIP("127.0.0.1"), Port: 80},
		"[fe80::1]:80":         &net.UDPAddr{IP: net.ParseIP("fe80::1"), Port: 80, Zone: "lo"},
		"whatever it is":       memAddr("whatever it is"),
		"[2001:db8::1]:443":    &net.TCPAddr{IP: net.ParseIP("2001:db8::1"), Port: 443},
		"192.0.2.1:1":          memAddr("[::ffff:192.0.2.1]:1"),
		"0.0.0.0:0":            &net.TCPAddr{IP: net.IPv4zero},
		"[::]:1":               &net.TCPAddr{IP: net.IPv6zero, Port: 1},
		"localhost.invalid:80": memAddr("localhost.invalid:80"),
	} {
		require.Equal(t, want, nameOf(addr))
	}
	require.Equal(t, "[::ffff:192.0.2.1]:1", mappedName("192.0.2.1:1"))
	for _, name := range []string{"[::1]:1", "", "/a"} {
		require.Equal(t, name, mappedName(name))
	}
}
