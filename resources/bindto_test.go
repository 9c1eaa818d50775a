package resources

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBindTo(t *testing.T) {
	l := listen(t, Options{})
	taken := l.Local()
	for option, c := range map[string]struct{ local, warning string }{
		"":                {"127.0.0.1:", ""},
		"127.0.0.1:0":     {"127.0.0.1:", ""},
		"127.0.0.2:0":     {"127.0.0.2:", ""},
		"0.0.0.0:0":       {"127.0.0.1:", ""},
		"0:0":             {"127.0.0.1:", ""},
		"noport":          {"127.0.0.1:", ""},
		"[::1]:0":         {"127.0.0.1:", ""},
		"[zz:1]:0":        {"127.0.0.1:", ""},
		"127.0.0.2\x00:0": {"127.0.0.1:", ""},
		":5":              {"127.0.0.1:", "Invalid IP Address: "},
		"name:0":          {"127.0.0.1:", "Invalid IP Address: name"},
		"127.1:0":         {"127.0.0.1:", "Invalid IP Address: 127.1"},
		taken:             {"127.0.0.1:", "Failed to bind to '" + taken + "', system said: Address already in use"},
		"192.0.2.1:70000": {"127.0.0.1:", "Failed to bind to '192.0.2.1:4464', system said: Cannot assign requested address"},
	} {
		d := NewDial(TCP, ports(l), netip.AddrPort{}, Options{BindTo: option}, false)
		s, err := dial(t, d)
		require.NoError(t, err, "%q", option)
		require.True(t, strings.HasPrefix(s.Local(), c.local), "%q: %s", option, s.Local())
		var want []string
		if c.warning != "" {
			want = []string{c.warning}
		}
		require.Equal(t, want, d.Warnings(), "%q", option)
		require.NoError(t, accept(t, l).Close())
	}
}

func TestBindToIPv6(t *testing.T) {
	l, err := Bind(TCP, needIPv6(t), Options{})
	require.NoError(t, err)
	closing(t, l)
	require.NoError(t, l.Listen(DefaultBacklog))
	for option, c := range map[string]struct {
		ruledOut bool
		warning  string
	}{
		"":            {},
		"noport":      {},
		"[::1]:0":     {},
		"[::]:0":      {},
		"[zz:1]:0":    {warning: "Invalid IP Address: zz:1"},
		"[::1%1]:0":   {warning: "Invalid IP Address: ::1%1"},
		"0:0":         {ruledOut: true},
		":5":          {ruledOut: true},
		"127.0.0.1:0": {ruledOut: true},
		"[name]:0":    {ruledOut: true},
	} {
		d := NewDial(TCP, ports(l), netip.AddrPort{}, Options{BindTo: option}, false)
		s, err := dial(t, d)
		if c.ruledOut {
			require.Equal(t, error(&Error{Op: "connect"}), err, "%q", option)
			require.Empty(t, d.Warnings())
			continue
		}
		require.NoError(t, err, "%q", option)
		require.True(t, strings.HasPrefix(s.Local(), "[::1]:"))
		if c.warning == "" {
			require.Empty(t, d.Warnings(), "%q", option)
		} else {
			require.Equal(t, []string{c.warning}, d.Warnings())
		}
	}
}

// An IPv4 local end skips IPv6 targets; an IPv6 one is forgotten at the first
// IPv4 target.
func TestBindToMixed(t *testing.T) {
	six := needIPv6(t)
	l6, err := Bind(TCP, six, Options{})
	require.NoError(t, err)
	closing(t, l6)
	require.NoError(t, l6.Listen(1))
	l4, refusing := listen(t, Options{}), bind(t, TCP, Options{})

	local := netip.MustParseAddrPort("127.0.0.2:0")
	s, err := dial(t, NewDial(TCP, append(ports(l6), ports(l4)...), local, Options{BindTo: "not looked at"}, false))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(s.Local(), "127.0.0.2:"))

	d := NewDial(TCP, append(ports(refusing), ports(l6)...), netip.AddrPort{}, Options{BindTo: "[2001:db8::1]:0"}, false)
	s, err = dial(t, d)
	require.NoError(t, err)
	require.Empty(t, d.Warnings())
	require.Equal(t, l6.Local(), s.Remote())

	d = NewDial(TCP, append(ports(l6), ports(l4)...), netip.AddrPort{}, Options{BindTo: "[2001:db8::1]:7"}, false)
	_, err = dial(t, d)
	require.NoError(t, err)
	require.Equal(t, []string{"Failed to bind to '2001:db8::1:7', system said: Cannot assign requested address"}, d.Warnings())
}
