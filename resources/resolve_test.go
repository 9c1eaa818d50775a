package resources

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

type fakeResolver struct {
	addrs []string
	err   error
	asked []string
}

func (r *fakeResolver) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	r.asked = append(r.asked, network+" "+host)
	var addrs []netip.Addr
	for _, s := range r.addrs {
		addrs = append(addrs, netip.MustParseAddr(s))
	}
	return addrs, r.err
}

func addrs(texts ...string) []netip.Addr {
	list := make([]netip.Addr, 0, len(texts))
	for _, s := range texts {
		list = append(list, netip.MustParseAddr(s))
	}
	return list
}

func TestResolveOrderAndMapping(t *testing.T) {
	r := &fakeResolver{addrs: []string{"::1", "::ffff:127.0.0.1", "fe80::1%1"}}
	got, err := resolve(t.Context(), r, "name", true)
	require.NoError(t, err)
	require.Equal(t, addrs("::1", "127.0.0.1", "fe80::1%1"), got)

	got, err = resolve(t.Context(), r, "name", false)
	require.NoError(t, err)
	require.Equal(t, addrs("127.0.0.1"), got)
	require.Equal(t, []string{"ip name", "ip4 name"}, r.asked)
}

func TestResolveNumericAsksNobody(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := &fakeResolver{}
	for host, want := range map[string]string{"127.1": "127.0.0.1", "::1": "::1", "::ffff:1.2.3.4": "::ffff:1.2.3.4"} {
		got, err := resolve(ctx, r, host, true)
		require.NoError(t, err)
		require.Equal(t, addrs(want), got)
	}
	got, err := resolve(ctx, r, "::ffff:1.2.3.4", false)
	require.NoError(t, err)
	require.Equal(t, addrs("1.2.3.4"), got)
	require.Empty(t, r.asked)
}

func TestResolveFails(t *testing.T) {
	dns := func(e net.DNSError) error { return &e }
	for name, c := range map[string]struct {
		host   string
		ipv6   bool
		answer error
		want   string
	}{
		"not found":     {"no.example", true, dns(net.DNSError{IsNotFound: true}), "Name or service not known"},
		"no address":    {"no.example", true, nil, "Name or service not known"},
		"temporary":     {"no.example", true, dns(net.DNSError{IsTemporary: true}), "Temporary failure in name resolution"},
		"time-out":      {"no.example", true, dns(net.DNSError{IsTimeout: true}), "Temporary failure in name resolution"},
		"own deadline":  {"no.example", true, context.DeadlineExceeded, "Temporary failure in name resolution"},
		"other answer":  {"no.example", true, dns(net.DNSError{}), "Non-recoverable failure in name resolution"},
		"no memory":     {"no.example", true, syscall.ENOMEM, "Memory allocation failure"},
		"system call":   {"no.example", true, fmt.Errorf("dial: %w", syscall.EMFILE), "System error"},
		"other":         {"no.example", true, errors.New("shy"), "Non-recoverable failure in name resolution"},
		"empty":         {"", true, nil, "Name or service not known"},
		"unknown zone":  {"fe80::1%no such", true, nil, "Name or service not known"},
		"no IPv6 there": {"::1", false, nil, "Address family for hostname not supported"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := resolve(t.Context(), &fakeResolver{err: c.answer}, c.host, c.ipv6)
			var e *Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, "resolve", e.Op)
			require.Equal(t, c.host, e.Address)
			require.Equal(t, "php_network_getaddresses: getaddrinfo for "+c.host+" failed: "+c.want, e.Text)
			require.Zero(t, e.Errno)
			if c.answer != nil {
				require.ErrorIs(t, err, c.answer)
				require.ErrorContains(t, err, c.answer.Error())
			}
		})
	}
}

func TestResolveRefusal(t *testing.T) {
	refusal := &Error{Op: "resolve", Address: "x", Errno: syscall.EACCES, Text: "not allowed"}
	_, err := Resolve(t.Context(), &fakeResolver{err: refusal}, "x")
	require.Equal(t, error(refusal), err)
}

func TestResolveCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Resolve(ctx, &fakeResolver{err: &net.DNSError{IsTimeout: true}}, "name")
	require.ErrorIs(t, err, context.Canceled)
	require.EqualError(t, err, `resources: resolve "name": context canceled`)
	var e *Error
	require.False(t, errors.As(err, &e))
}

// The system's own files answer this, without a server.
func TestResolveLocalhost(t *testing.T) {
	got, err := Resolve(t.Context(), nil, "localhost")
	if err != nil {
		t.Skipf("localhost is not known here: %v", err)
	}
	for _, addr := range got {
		require.True(t, addr.IsLoopback(), addr)
	}
}
