package resources

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestListenAddress(t *testing.T) {
	dir, err := os.Getwd()
	require.NoError(t, err)
	for address, want := range map[string]string{
		"tcp://127.0.0.1:80":          "tcp://127.0.0.1:80",
		"127.0.0.1:80":                "tcp://127.0.0.1:80",
		"TCP://127.1:0080/path":       "tcp://127.0.0.1:80",
		"tcp://0x7f000001:80":         "tcp://127.0.0.1:80",
		"tcp://[0:0::0:1]:80":         "tcp://[::1]:80",
		"tcp://[::ffff:127.0.0.1]:80": "tcp://127.0.0.1:80",
		"tcp://LocalHost:80":          "tcp://localhost:80",
		"tcp://:80":                   "tcp://:80",
		"tcp://127.0.0.1:65616":       "tcp://127.0.0.1:80",
		"udp://[::]:53":               "udp://[::]:53",
		"unix:///run//a/../x.sock":    "unix:///run/x.sock",
		"unix://x.sock":               "unix://" + dir + "/x.sock",
		"udg://./x.sock":              "udg://" + dir + "/x.sock",
		"unix://\x00a/../b\x00":       "unix://\x00a/../b\x00",
		"mem://Any/../name:1":         "mem://Any/../name:1",
	} {
		a, err := parseListenAddress(address)
		require.NoError(t, err, address)
		require.Equal(t, want, a.String())
		require.False(t, a.fresh, address)
		again, err := parseListenAddress(a.String())
		require.NoError(t, err)
		require.Equal(t, a, again)
	}
	for _, address := range []string{"tcp://127.0.0.1:0", "udp://[::1]:x", "unix://", "udg://", "mem://"} {
		a, err := parseListenAddress(address)
		require.NoError(t, err)
		require.True(t, a.fresh, address)
	}
	for _, address := range []string{"", "tcp://", "tcp://80", "udp://[::1]", "tls://127.0.0.1:443", "pair://x", "fd://3"} {
		_, err := parseListenAddress(address)
		var failed *Error
		require.ErrorAs(t, err, &failed, address)
		require.Equal(t, "parse", failed.Op)
		require.Zero(t, failed.Errno)
	}
}

func TestNetAddr(t *testing.T) {
	for _, test := range []struct {
		transport              Transport
		name, network, address string
	}{
		{TCP, "127.0.0.1:80", "tcp", "127.0.0.1:80"},
		{UDP, "[::1]:80", "udp", "[::1]:80"},
		{Unix, "/run/x", "unix", "/run/x"},
		{Udg, "\x00x", "unixgram", "@x"},
		{Mem, "x", "mem", "x"},
	} {
		a := netAddr(test.transport, test.name)
		require.Equal(t, test.network, a.Network())
		require.Equal(t, test.address, a.String())
		require.Equal(t, test.name, nameOf(a), "and back")
	}
	require.Empty(t, nameOf(nil))
}
