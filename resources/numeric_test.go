package resources

import (
	"net"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNumericHost(t *testing.T) {
	for host, want := range map[string]string{
		"127.0.0.1":        "127.0.0.1",
		"127.1":            "127.0.0.1",
		"127.0.1":          "127.0.0.1",
		"0x7f.1":           "127.0.0.1",
		"0X7F.0x1":         "127.0.0.1",
		"0177.1":           "127.0.0.1",
		"2130706433":       "127.0.0.1",
		"0x7f000001":       "127.0.0.1",
		"127.65536":        "127.1.0.0",
		"1.2.65535":        "1.2.255.255",
		"1.16777215":       "1.255.255.255",
		"4294967295":       "255.255.255.255",
		"0":                "0.0.0.0",
		"00":               "0.0.0.0",
		"::":               "::",
		"::1":              "::1",
		"::ffff:127.0.0.1": "::ffff:127.0.0.1",
		"FE80::A":          "fe80::a",
		"::1%0":            "::1",
		"::1%1":            "::1%1",
		"fe80::1%7":        "fe80::1%7",
		"fe80::1%04":       "fe80::1%04",
	} {
		addr, ok := NumericHost(host)
		require.True(t, ok, "%q", host)
		require.Equal(t, want, addr.String(), "%q", host)
	}
	for _, host := range []string{
		"", " ", "*", "localhost", "256.1.1.1", "1.256.1", "1.2.3.256", "1.2.65536", "1.16777216", "4294967296",
		"18446744073709551616", "0x", "08", "1.", ".1", "1..2", "1.2.3.4.5", "1.2.3.4.", "-1", "+1", "1_0", "0x1_0",
		" 127.0.0.1", "127.0.0.1 ", "127.0.0.1%lo", "1.2.3.4 x", ":", ":::", "[::1]", "::1%", "::1%lo", "::1%4294967296",
		"fe80::1%", "fe80::1%0x2", "fe80::1%no such", "fe80::1%longer than any interface", "::ffff:169.254.1.1%lo", "12345::",
	} {
		_, ok := NumericHost(host)
		require.False(t, ok, "%q", host)
	}
}

func TestNumericHostInterface(t *testing.T) {
	all, err := net.Interfaces()
	require.NoError(t, err)
	if len(all) == 0 {
		t.Skip("no network interface")
	}
	name := all[0].Name
	for _, host := range []string{"fe80::1%" + name, "ff02::1%" + name, "ff01::1%" + name, "fe80::1%" + name + ":1"} {
		addr, ok := NumericHost(host)
		require.True(t, ok, "%q", host)
		id, ok := scopeID(addr, addr.Zone())
		require.True(t, ok, "%q", host)
		require.EqualValues(t, all[0].Index, id)
	}
	_, ok := NumericHost("2001:db8::1%" + name)
	require.False(t, ok, "not local to a link")
}

func FuzzNumericHost(f *testing.F) {
	for _, seed := range []string{"127.1", "0x7f.1", "017700000001", "::1%1", "fe80::1%eth0", "1..2", "::ffff:1.2.3.4"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		addr, ok := NumericHost(host)
		if !ok {
			return
		}
		require.True(t, addr.IsValid())
		again, ok := NumericHost(addr.String())
		require.True(t, ok)
		require.Equal(t, addr, again)
		if plain, err := netip.ParseAddr(host); err == nil && plain.Zone() == "" {
			require.Equal(t, plain, addr)
		}
	})
}
