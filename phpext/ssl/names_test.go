package ssl_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext/ssl"
)

var wildcards = []struct {
	subject, pattern string
	want             bool
}{
	{"example.org", "example.org", true},
	{"EXAMPLE.org", "example.ORG", true},
	{"example.org", "example.com", false},
	{"www.example.org", "*.example.org", true},
	{"WWW.example.org", "*.EXAMPLE.org", true},
	{"example.org", "*.example.org", false},
	{".example.org", "*.example.org", true},
	{"a.b.example.org", "*.example.org", false},
	{"www1.example.org", "www*.example.org", true},
	{"www.example.org", "www*.example.org", true},
	{"ftp.example.org", "www*.example.org", false},
	{"a-mid-b.example.org", "a*b.example.org", true},
	{"ab.example.org", "a*b.example.org", true},
	{"a.example.org", "a*a.example.org", false}, // the two a are not the same one
	{"www.example.org", "www.*.org", false},
	{"www.example.org", "w*.*.org", false},
	{"www.example.org", "*", false},
	{"localhost", "*", true},
	{"", "*", true},
	{"", "", true},
	{"localhost", "", false},
	{"a*.example.org", "a*.example.org", true},
	{"example.org\x00.evil", "example.org", true},
	{"example.org", "example.org\x00.evil", true},
	{"Äxample.org", "äxample.org", false}, // ASCII only
}

func TestMatchWildcard(t *testing.T) {
	for _, tt := range wildcards {
		require.Equal(t, tt.want, ssl.MatchWildcard(tt.subject, tt.pattern), "%q %q", tt.subject, tt.pattern)
	}
}

func FuzzMatchWildcard(f *testing.F) {
	for _, tt := range wildcards {
		f.Add(tt.subject, tt.pattern)
	}
	f.Fuzz(func(t *testing.T, subject, pattern string) {
		got := ssl.MatchWildcard(subject, pattern)
		require.True(t, ssl.MatchWildcard(subject, subject))
		require.True(t, ssl.MatchWildcard(pattern, pattern))
		// What is beyond a NUL does not count.
		require.Equal(t, got, ssl.MatchWildcard(subject+"\x00x", pattern+"\x00y"))
		subject, _, _ = strings.Cut(subject, "\x00")
		pattern, _, _ = strings.Cut(pattern, "\x00")
		if got && !strings.Contains(pattern, "*") {
			require.True(t, strings.EqualFold(subject, pattern))
		}
		if got && subject != pattern {
			require.Equal(t, strings.Count(pattern, "."), strings.Count(subject, "."), "labels")
		}
	})
}

func TestMatchName(t *testing.T) {
	dns := func(names ...string) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.DNSNames = names }
	}
	address := func(text string) func(*x509.Certificate) {
		ip := net.ParseIP(text)
		if four := ip.To4(); four != nil {
			ip = four
		}
		return func(c *x509.Certificate) { c.IPAddresses = []net.IP{ip} }
	}
	subject := func(values ...asn1.RawValue) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			type attribute struct {
				Type  asn1.ObjectIdentifier
				Value asn1.RawValue
			}
			type attributeSET []attribute
			var names []attributeSET
			for _, v := range values {
				names = append(names, attributeSET{{asn1.ObjectIdentifier{2, 5, 4, 3}, v}})
			}
			c.RawSubject, _ = asn1.Marshal(names)
		}
	}
	text := func(tag int, s string) asn1.RawValue { return asn1.RawValue{Tag: tag, Bytes: []byte(s)} }
	tests := []struct {
		test    string
		cn      string
		change  func(*x509.Certificate)
		name    string
		warning string
	}{
		{"common name", "example.org", nil, "example.org", ""},
		{"its wildcard", "*.example.org", nil, "www.example.org", ""},
		{"its case", "Example.ORG", nil, "example.org", ""},
		{"another", "example.org", nil, "example.com", "Peer certificate CN=`example.org' did not match expected CN=`example.com'"},
		{"what follows NUL", "example.org", nil, "example.com\x00x", "Peer certificate CN=`example.org' did not match expected CN=`example.com'"},
		{"a dot at the end", "example.org.", nil, "example.org", "Peer certificate CN=`example.org.' did not match expected CN=`example.org'"},
		{"none", "", func(c *x509.Certificate) { c.Subject = pkix.Name{Organization: []string{"x"}} }, "example.org", "Unable to locate peer certificate CN"},
		{"DNS", "x", dns("example.com", "example.org"), "example.org", ""},
		{"DNS wildcard", "x", dns("*.example.org"), "www.example.org", ""},
		{"DNS with a dot at the end", "x", dns("example.org."), "example.org", ""},
		{"DNS and a name with a dot", "x", dns("example.org"), "example.org.", "Peer certificate CN=`x' did not match expected CN=`example.org.'"},
		{"DNS with NUL", "x", dns("example.org\x00.evil"), "example.org", "Peer certificate CN=`x' did not match expected CN=`example.org'"},
		{"DNS does not hide the common name", "example.org", dns("example.com"), "example.org", ""},
		{"IPv4", "x", address("192.0.2.1"), "192.0.2.1", ""},
		{"other IPv4", "x", address("192.0.2.1"), "192.0.2.2", "Peer certificate CN=`x' did not match expected CN=`192.0.2.2'"},
		{"IPv4 is text", "x", address("192.0.2.1"), "192.0.2.01", "Peer certificate CN=`x' did not match expected CN=`192.0.2.01'"},
		{"IPv6", "x", address("2001:db8::1"), "2001:DB8:0::1", ""},
		{"IPv6 in brackets", "x", address("2001:db8::1"), "[2001:db8::1]", "Peer certificate CN=`x' did not match expected CN=`[2001:db8::1]'"},
		{"IPv6 with a zone", "x", address("fe80::1"), "fe80::1%lo", "Peer certificate CN=`x' did not match expected CN=`fe80::1%lo'"},
		{"DNS that is an address", "x", dns("192.0.2.1"), "192.0.2.1", ""},
		{"the first of two", "", subject(text(asn1.TagUTF8String, "first.org"), text(asn1.TagUTF8String, "second.org")), "first.org", ""},
		{"the second of two", "", subject(text(asn1.TagUTF8String, "first.org"), text(asn1.TagUTF8String, "second.org")), "second.org",
			"Peer certificate CN=`first.org' did not match expected CN=`second.org'"},
		{"NUL", "", subject(text(asn1.TagUTF8String, "example.org\x00.evil")), "example.org", "Peer certificate CN=`example.org' is malformed"},
		{"BMPString", "", subject(text(asn1.TagBMPString, "\x00a\x00b")), "ab", "Peer certificate CN=`' is malformed"},
		{"long", "", subject(text(asn1.TagUTF8String, strings.Repeat("a", 2000))), strings.Repeat("a", 1023), ""},
	}
	key := newEd25519(t)
	for _, tt := range tests {
		t.Run(tt.test, func(t *testing.T) {
			change := tt.change
			if change == nil {
				change = func(*x509.Certificate) {}
			}
			cert := issue(t, nil, key, tt.cn, change)
			ok, warning := ssl.MatchName(cert.Certificate, tt.name, false)
			require.Equal(t, tt.warning, warning)
			require.Equal(t, tt.warning == "", ok)
		})
	}
}

// Since PHP 8.4 a common name stands for nothing beside alternative names.
func TestMatchNameStrictly(t *testing.T) {
	plain := issue(t, nil, newEd25519(t), "example.org")
	named := issue(t, nil, newEd25519(t), "example.org", func(c *x509.Certificate) { c.DNSNames = []string{"other.org"} })
	for _, tt := range []struct {
		cert          *holder
		name, warning string
	}{
		{plain, "example.org", ""},
		{plain, "other.org", "Peer certificate CN=`example.org' did not match expected CN=`other.org'"},
		{named, "other.org", ""},
		{named, "example.org", "Peer certificate subjectAltName did not match expected name `example.org'"},
	} {
		ok, warning := ssl.MatchName(tt.cert.Certificate, tt.name, true)
		require.Equal(t, tt.warning, warning)
		require.Equal(t, tt.warning == "", ok)
	}
}
