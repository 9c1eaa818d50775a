package ssl

import (
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"net/netip"
	"strings"
)

// MatchName reports whether cert is for name (a host or an IP address), and PHP's
// warning where it is not. The alternative names are tried first, then the common name:
// before PHP 8.4 whatever the alternative names are, since then only where none is of a
// host, which strict stands for.
func MatchName(cert *x509.Certificate, name string, strict bool) (ok bool, warning string) {
	name = cString(name)
	if matchAlternativeNames(cert, name) {
		return true, ""
	}
	if strict && len(cert.DNSNames) > 0 {
		return false, fmt.Sprintf("Peer certificate subjectAltName did not match expected name `%s'", name)
	}
	commonName, found := commonNameOf(cert)
	text := cString(commonName)
	switch {
	case !found:
		return false, "Unable to locate peer certificate CN"
	case text != commonName:
		return false, fmt.Sprintf("Peer certificate CN=`%s' is malformed", text)
	case MatchWildcard(name, text):
		return true, ""
	}
	return false, fmt.Sprintf("Peer certificate CN=`%s' did not match expected CN=`%s'", text, name)
}

func matchAlternativeNames(cert *x509.Certificate, name string) bool {
	for _, dns := range cert.DNSNames {
		// A NUL would hide what follows it.
		if !strings.Contains(dns, "\x00") && MatchWildcard(name, strings.TrimSuffix(dns, ".")) {
			return true
		}
	}
	// IPv4 addresses are compared as text, IPv6 addresses as numbers.
	address, err := netip.ParseAddr(name)
	isIPv6 := err == nil && address.Is6() && address.Zone() == ""
	for _, ip := range cert.IPAddresses {
		other, ok := netip.AddrFromSlice(ip)
		switch {
		case !ok:
		case other.Is4() && other.String() == name:
			return true
		case other.Is6() && isIPv6 && other == address:
			return true
		}
	}
	return false
}

// MatchWildcard reports whether the host name subject is what pattern, a name of a
// certificate or a key of SNI_server_certs, stands for. A pattern may have one * in its
// first label, which stands for any part of that label, and for nothing as well. The
// case of ASCII letters does not count, and a NUL ends either.
func MatchWildcard(subject, pattern string) bool {
	subject, pattern = lower(cString(subject)), lower(cString(pattern))
	if subject == pattern {
		return true
	}
	prefix, suffix, found := strings.Cut(pattern, "*")
	if !found || strings.Contains(prefix, ".") || len(prefix)+len(suffix) > len(subject) {
		return false
	}
	rest, ok := strings.CutPrefix(subject, prefix)
	if !ok {
		return false
	}
	rest, ok = strings.CutSuffix(rest, suffix)
	return ok && !strings.Contains(rest, ".")
}

// lower is strings.ToLower of ASCII letters only, as C compares names.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

var commonNameOID = asn1.ObjectIdentifier{2, 5, 4, 3}

// longestCommonName is how much of it PHP looks at.
const longestCommonName = 1023

// commonNameOf returns the first common name of the subject as the bytes that the
// certificate has, whichever character set they are in. The CommonName of crypto/x509
// is the last one.
func commonNameOf(cert *x509.Certificate) (string, bool) {
	type attributeSET []struct {
		Type  asn1.ObjectIdentifier
		Value asn1.RawValue
	}
	var subject []attributeSET
	if _, err := asn1.Unmarshal(cert.RawSubject, &subject); err != nil {
		return "", false
	}
	for _, set := range subject {
		for _, attribute := range set {
			if attribute.Type.Equal(commonNameOID) {
				value := attribute.Value.Bytes
				return string(value[:min(len(value), longestCommonName)]), true
			}
		}
	}
	return "", false
}
