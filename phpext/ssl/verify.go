package ssl

import (
	"bytes"
	"crypto/x509"
	"errors"
	"slices"
	"time"
)

// Verification says what a peer's chain is held against.
type Verification struct {
	Roots *Roots
	// Server says that the peer is a server: its certificate must be good for that. It
	// must be good for a client otherwise.
	Server bool
	// MaxDepth is the option verify_depth: the deepest place that a certificate may have,
	// the peer's own being at 0. A negative one is no limit, as in PHP, whose default is
	// [DefaultVerifyDepth].
	MaxDepth int
	// AllowSelfSigned is the option allow_self_signed: a peer's certificate may be its
	// own issuer, and is trusted then. It does not help a root that is not known.
	AllowSelfSigned bool
	// SecurityLevel is the option security_level. 0 and -1, which is for the absent
	// option, check nothing of it.
	SecurityLevel int
	Now           func() time.Time // nil is time.Now
}

// DefaultVerifyDepth is what PHP takes where the option verify_depth is absent.
const DefaultVerifyDepth = 9

// Verify holds the chain that a peer sent, its own certificate first, against v as
// OpenSSL does for PHP. The error is a [*Failure].
//
// The work is that of [x509.Certificate.Verify]. Added are what OpenSSL demands more: a
// chain has to end in a self-signed root, even where an issuer in between is trusted, and
// each certificate has to be good for its purpose by key usage and extended key usage. Where
// crypto/x509 is stricter, so is this: certificates signed with MD5 or SHA-1 are
// refused, as they are by OpenSSL from security level 1 on, and a Debian has level 2.
// Names are not looked at ([MatchName]), and revocation is not, by neither.
func Verify(chain []*x509.Certificate, v Verification) error {
	if len(chain) == 0 {
		return &Failure{Code: CodeUnspecified, Err: errors.New("no certificate")}
	}
	now := time.Now()
	if v.Now != nil {
		now = v.Now()
	}
	leaf := chain[0]
	if need := levelBits(v.SecurityLevel); keyBits(leaf) < need {
		return &Failure{Code: CodeKeyTooSmall}
	}
	links := x509.NewCertPool()
	for _, certificate := range slices.Concat(chain[1:], v.Roots.others) {
		links.AddCert(certificate)
	}
	found, err := leaf.Verify(x509.VerifyOptions{
		Roots: v.Roots.pool, Intermediates: links, CurrentTime: now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		failure := explain(chain, v.Roots, now, err)
		if failure.Depth > v.MaxDepth && v.MaxDepth >= 0 {
			failure.Code = CodeChainTooLong
		}
		if failure.Code != CodeSelfSigned || !v.AllowSelfSigned {
			return failure
		}
		found = [][]*x509.Certificate{{leaf}}
		if failure := outOfTime(leaf, 0, now); failure != nil {
			return failure
		}
		if len(leaf.UnhandledCriticalExtensions) != 0 {
			return &Failure{Code: CodeCriticalExtension, Err: x509.UnhandledCriticalExtension{}}
		}
	}
	var first error
	for _, candidate := range found {
		err := v.check(candidate)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// check holds a chain that is otherwise good, the root last, against what crypto/x509 does
// not check.
func (v Verification) check(chain []*x509.Certificate) error {
	for depth, certificate := range chain {
		if code := unfit(certificate, v.Server, depth > 0); code != 0 {
			return &Failure{Code: code, Depth: depth}
		}
	}
	if err := CheckLevel(chain, v.SecurityLevel); err != nil {
		return err
	}
	if deepest := len(chain) - 1; v.MaxDepth >= 0 && deepest > v.MaxDepth {
		return &Failure{Code: CodeChainTooLong, Depth: deepest}
	}
	return nil
}

// unfit returns why a certificate cannot be an issuer, or what it is for in TLS, or 0.
func unfit(c *x509.Certificate, server, issuer bool) int {
	usage, signatures := x509.ExtKeyUsageClientAuth, x509.KeyUsageDigitalSignature|x509.KeyUsageKeyAgreement
	if server {
		usage, signatures = x509.ExtKeyUsageServerAuth, signatures|x509.KeyUsageKeyEncipherment
	}
	switch {
	case issuer && !isCA(c):
		return CodeInvalidCA
	case len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) > 0 && !slices.Contains(c.ExtKeyUsage, usage) &&
		!(server && gatedCrypto(c)):
		return CodePurpose
	case !issuer && c.KeyUsage != 0 && c.KeyUsage&signatures == 0:
		return CodePurpose
	}
	return 0
}

// gatedCrypto is what servers had in the nineties, and OpenSSL still takes.
func gatedCrypto(c *x509.Certificate) bool {
	return slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageMicrosoftServerGatedCrypto) ||
		slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageNetscapeServerGatedCrypto)
}

func isCA(c *x509.Certificate) bool {
	switch {
	case c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0:
		return false
	case c.BasicConstraintsValid:
		return c.IsCA
	}
	return c.Version == 1 && selfSigned(c) || c.KeyUsage != 0
}

// selfSigned reports whether c names itself as its issuer. As in OpenSSL the signature is
// not looked at.
func selfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawSubject, c.RawIssuer) &&
		(len(c.AuthorityKeyId) == 0 || len(c.SubjectKeyId) == 0 || bytes.Equal(c.AuthorityKeyId, c.SubjectKeyId))
}

func outOfTime(c *x509.Certificate, depth int, now time.Time) *Failure {
	switch {
	case now.Before(c.NotBefore):
		return &Failure{Code: CodeNotYetValid, Depth: depth}
	case now.After(c.NotAfter):
		return &Failure{Code: CodeExpired, Depth: depth}
	}
	return nil
}
