package ssl

import (
	"crypto/x509"
	"encoding/hex"

	"github.com/phpsock/phpsock/phpext"
)

// MatchFingerprint reports whether cert has the fingerprint that the option
// peer_fingerprint wants, and the warnings that PHP prints if want is malformed. A string
// is in hex, and its length tells MD5 from SHA-1; an array maps names of digests to hex,
// and all of them must match. PHP adds "peer_fingerprint match failure" to every failure,
// and does not get this far with other kinds of values.
func MatchFingerprint(cert *x509.Certificate, want phpext.Value) (ok bool, warnings []string) {
	var warning string
	switch want.Kind() {
	case phpext.KindString:
		ok = matchOne(cert, want.Text())
	case phpext.KindArray:
		ok, warning = matchAll(cert, want.Array())
	default:
		warning = "Invalid peer_fingerprint value; fingerprint string or array of the form [algo => fingerprint] required"
	}
	if warning != "" {
		warnings = []string{warning}
	}
	return ok, warnings
}

func matchOne(cert *x509.Certificate, want string) bool {
	algorithm := ""
	switch len(want) {
	case 32:
		algorithm = "md5"
	case 40:
		algorithm = "sha1"
	default:
		return false
	}
	got, _ := fingerprint(cert, algorithm)
	return equalHex(want, got)
}

func matchAll(cert *x509.Certificate, wants *phpext.Array) (ok bool, warning string) {
	const malformed = "Invalid peer_fingerprint array; [algo => fingerprint] form required"
	if wants.Len() == 0 {
		return false, malformed
	}
	for algorithm, want := range wants.All() {
		if !algorithm.IsString() || want.Kind() != phpext.KindString {
			return false, malformed
		}
		got, known := fingerprint(cert, algorithm.Text())
		switch {
		case !known:
			return false, "Unknown digest algorithm"
		case !equalHex(want.Text(), got):
			return false, ""
		}
	}
	return true, ""
}

func equalHex(want, got string) bool { return lower(cString(want)) == got }

func fingerprint(cert *x509.Certificate, algorithm string) (digits string, known bool) {
	digest := digestOf(algorithm)
	if digest == nil {
		return "", false
	}
	h := digest()
	h.Write(cert.Raw)
	return hex.EncodeToString(h.Sum(nil)), true
}
