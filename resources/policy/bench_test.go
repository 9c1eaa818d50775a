package policy

import (
	"context"
	"net/netip"
	"testing"

	"github.com/phpsock/phpsock/resources"
)

// What a policy takes for its answer.
func BenchmarkPolicy(b *testing.B) {
	web := All(
		On(Listen, AllowPorts(8080, 8080)),
		Outgoing(Any(
			All(PublicOnly(), AllowPorts(443, 443)),
			AllowPaths("/run/mysqld/mysqld.sock"),
		)),
	)
	networks := AllowCIDR(netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32"))
	for _, bm := range []struct {
		name    string
		policy  resources.Policy
		attempt string
		allowed bool
	}{
		{"loopback", LoopbackOnly(), "dial tcp://127.0.0.1:80", true},
		{"network", networks, "dial tcp://10.1.2.3:80", true},
		{"public", PublicOnly(), "dial tcp://93.184.215.14:443", true},
		{"private", PublicOnly(), "dial tcp://10.0.0.1:443", false},
		{"of several, allowed", web, "dial unix:///run/mysqld/mysqld.sock", true},
		{"of several, refused", web, "dial tcp://10.0.0.1:443", false},
	} {
		b.Run(bm.name, func(b *testing.B) {
			a, ctx := attempt(b, bm.attempt), context.Background()
			b.ReportAllocs()
			for b.Loop() {
				if err := bm.policy(ctx, a); (err == nil) != bm.allowed {
					b.Fatal(err)
				}
			}
		})
	}
}
