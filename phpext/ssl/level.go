package ssl

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"math"
	"slices"
)

// What a security level of OpenSSL asks of everything, in bits
// (https://docs.openssl.org/3.0/man3/SSL_CTX_get_security_level/).
func levelBits(level int) int {
	bits := [...]int{0, 80, 112, 128, 192, 256}
	return bits[max(0, min(level, len(bits)-1))]
}

// VersionsAt returns the versions that a security level leaves of those from minVersion to
// maxVersion: TLS 1.2 and later from level 1 on. ok is false where it leaves none.
func VersionsAt(level int, minVersion, maxVersion uint16) (first, last uint16, ok bool) {
	if level > 0 {
		minVersion = max(minVersion, tls.VersionTLS12)
	}
	return minVersion, maxVersion, minVersion <= maxVersion
}

// SuitesAt returns the suites that a security level leaves of ids: those with enough bits,
// without RC4 from level 2 on and with forward secrecy from level 3 on. What crypto/tls negotiates with TLS 1.3 cannot be
// narrowed, so TLS_AES_128_GCM_SHA256 stays possible on the levels 4 and 5.
func SuitesAt(level int, ids []uint16) []uint16 {
	if level <= 0 {
		return ids
	}
	kept := slices.Clone(ids)
	all := suites()
	return slices.DeleteFunc(kept, func(id uint16) bool {
		i := slices.IndexFunc(all, func(s *suite) bool { return s.id == id })
		if i < 0 {
			return false
		}
		s := all[i]
		return s.bits < levelBits(level) || level >= 2 && s.cipher == "RC4" ||
			level >= 3 && s.kx != "kECDHE" || level >= 4 && s.mac == "SHA1"
	})
}

// CurvesAt returns the key exchanges for [crypto/tls.Config] that a security level
// leaves, or nil where it leaves those that crypto/tls has by itself.
func CurvesAt(level int) []tls.CurveID {
	switch {
	case level <= 3:
		return nil
	case level == 4:
		return []tls.CurveID{tls.CurveP384, tls.CurveP521}
	}
	return []tls.CurveID{tls.CurveP521}
}

// CheckLevel reports as a [*Failure] what in a chain, the leaf first, is too weak for a
// security level. The signature of a certificate by itself does not count, as nothing
// rests on it. A server or a client that presents such a chain is refused by OpenSSL
// before it starts.
func CheckLevel(chain []*x509.Certificate, level int) error {
	need := levelBits(level)
	if need == 0 {
		return nil
	}
	for depth, cert := range chain {
		code := 0
		switch {
		case keyBits(cert) < need && depth == 0:
			code = CodeKeyTooSmall
		case keyBits(cert) < need:
			code = CodeCAKeyTooSmall
		case !selfSigned(cert) && signatureBits(cert) < need:
			code = CodeDigestTooWeak
		}
		if code != 0 {
			return &Failure{Code: code, Depth: depth}
		}
	}
	return nil
}

// keyBits is how strong a public key is, in the bits of a symmetric cipher.
func keyBits(cert *x509.Certificate) int {
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		return rsaBits(key.N.BitLen())
	case *ecdsa.PublicKey:
		return key.Curve.Params().N.BitLen() / 2
	case ed25519.PublicKey:
		return 128
	}
	return 0
}

// rsaBits follows the estimate of NIST SP 800-56B for the general number field sieve,
// to the nearest multiple of 8 and never above that of the next round size.
func rsaBits(n int) int {
	if n < 8 {
		return 0
	}
	limit := 1200
	switch {
	case n <= 7680:
		limit = 192
	case n <= 15360:
		limit = 256
	}
	x := float64(n) * math.Ln2
	y := (1.923*math.Cbrt(x*math.Log(x)*math.Log(x)) - 4.69) / math.Ln2
	return min((int(max(y, 0))+4)&^7, limit)
}

// signatureBits is how strong the digest of a signature is. OpenSSL 3 counts SHA-1
// and MD5 as less than any level asks for.
func signatureBits(cert *x509.Certificate) int {
	switch cert.SignatureAlgorithm {
	case x509.SHA256WithRSA, x509.SHA256WithRSAPSS, x509.ECDSAWithSHA256, x509.PureEd25519, x509.DSAWithSHA256:
		return 128
	case x509.SHA384WithRSA, x509.SHA384WithRSAPSS, x509.ECDSAWithSHA384:
		return 192
	case x509.SHA512WithRSA, x509.SHA512WithRSAPSS, x509.ECDSAWithSHA512:
		return 256
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1:
		return 63
	}
	return 39
}
