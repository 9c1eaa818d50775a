package policy

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/resources"
)

// attempt reads "dial tcp://10.0.0.1:80". What stands where a port is missing
// gets port 80, and "@" begins an abstract name.
func attempt(t testing.TB, text string) resources.Attempt {
	t.Helper()
	verb, address, ok := strings.Cut(text, " ")
	require.True(t, ok, text)
	transport, target := resources.SplitTransport(address)
	a := resources.Attempt{Transport: resources.Transport(transport), Target: target}
	for _, op := range []resources.Operation{Listen, Dial, Send} {
		if op.String() == verb {
			a.Operation = op
		}
	}
	require.NotZero(t, a.Operation, text)
	switch a.Transport {
	case resources.TCP, resources.UDP:
		addr, err := netip.ParseAddr(target)
		if err == nil {
			a.Addr = netip.AddrPortFrom(addr, 80)
		} else {
			a.Addr = netip.MustParseAddrPort(target)
		}
	default:
		a.Path = target
		if strings.HasPrefix(target, "@") {
			a.Path = "\x00" + target[1:]
		}
	}
	return a
}

// reason gives the policy's reason, "" where it allows.
func reason(t testing.TB, p resources.Policy, text string) string {
	t.Helper()
	err := p(context.Background(), attempt(t, text))
	if err == nil {
		return ""
	}
	require.NotEmpty(t, err.Error())
	return err.Error()
}

func allowed(t *testing.T, p resources.Policy, attempts ...string) {
	t.Helper()
	for _, text := range attempts {
		require.Empty(t, reason(t, p, text), text)
	}
}

func refused(t *testing.T, p resources.Policy, attempts ...string) {
	t.Helper()
	for _, text := range attempts {
		require.NotEmpty(t, reason(t, p, text), text)
	}
}
