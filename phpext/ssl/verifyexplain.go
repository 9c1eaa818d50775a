package ssl

import (
	"bytes"
	"crypto/x509"
	"errors"
	"slices"
	"time"
)

// explain finds OpenSSL's code for a chain that crypto/x509 refused with err. It goes the
// way that OpenSSL goes: from the leaf to its issuer, those that are trusted before those
// that were sent, as long as there is one.
func explain(sent []*x509.Certificate, roots *Roots, now time.Time, err error) *Failure {
	chain := []*x509.Certificate{sent[0]}
	trusted := slices.ContainsFunc(roots.issuers(), sent[0].Equal)
	for len(chain) <= len(sent)+len(roots.issuers()) && !selfSigned(chain[len(chain)-1]) {
		last := chain[len(chain)-1]
		issuer := issuerOf(last, roots.issuers(), chain)
		trusted = trusted || issuer != nil
		if issuer == nil {
			issuer = issuerOf(last, sent[1:], chain)
		}
		if issuer == nil {
			break
		}
		chain = append(chain, issuer)
	}
	failure := &Failure{Err: err, Depth: len(chain) - 1}
	top := chain[failure.Depth]
	switch {
	case selfSigned(top) && slices.ContainsFunc(roots.issuers(), top.Equal):
		explainTrusted(failure, chain, now)
	case selfSigned(top) && len(chain) == 1:
		failure.Code = CodeSelfSigned
	case !isUnknownAuthority(err) && len(roots.issuers()) == 0:
		explainX509(failure, chain, now) // the root is one of the system's, perhaps
	case selfSigned(top):
		failure.Code = CodeSelfSignedInChain
	case trusted && len(chain) > 1:
		failure.Code = CodeNoIssuer
	default:
		failure.Code = CodeNoLocalIssuer
	}
	return failure
}

func issuerOf(c *x509.Certificate, candidates, used []*x509.Certificate) *x509.Certificate {
	for _, candidate := range candidates {
		sameKey := len(c.AuthorityKeyId) == 0 || len(candidate.SubjectKeyId) == 0 ||
			bytes.Equal(c.AuthorityKeyId, candidate.SubjectKeyId)
		if bytes.Equal(c.RawIssuer, candidate.RawSubject) && sameKey && !slices.ContainsFunc(used, candidate.Equal) {
			return candidate
		}
	}
	return nil
}

// isUnknownAuthority reports whether crypto/x509 found no way to a root. It says so as well
// where the root is there but a certificate on the way is not good.
func isUnknownAuthority(err error) bool {
	var unknown x509.UnknownAuthorityError
	return errors.As(err, &unknown)
}

// explainTrusted is for a chain that does end in a root.
func explainTrusted(f *Failure, chain []*x509.Certificate, now time.Time) {
	for depth, certificate := range chain {
		if depth > 0 && !isCA(certificate) {
			f.Code, f.Depth = CodeInvalidCA, depth
			return
		}
	}
	// Signatures and times are looked at from the root on.
	for depth := len(chain) - 1; depth >= 0; depth-- {
		if depth < len(chain)-1 {
			issuer, certificate := chain[depth+1], chain[depth]
			if issuer.CheckSignature(certificate.SignatureAlgorithm, certificate.RawTBSCertificate, certificate.Signature) != nil {
				f.Code, f.Depth = CodeSignature, depth
				return
			}
		}
		if late := outOfTime(chain[depth], depth, now); late != nil {
			f.Code, f.Depth = late.Code, depth
			return
		}
	}
	explainX509(f, chain, now)
}

// explainX509 goes by what crypto/x509 said.
func explainX509(f *Failure, chain []*x509.Certificate, now time.Time) {
	var (
		invalid   x509.CertificateInvalidError
		extension x509.UnhandledCriticalExtension
		algorithm x509.InsecureAlgorithmError
	)
	f.Code = CodeUnspecified
	switch {
	case errors.As(f.Err, &extension):
		f.Code = CodeCriticalExtension
	case errors.As(f.Err, &algorithm):
		f.Code = CodeDigestTooWeak
	case errors.As(f.Err, &invalid):
		f.Code = codeOf(invalid.Reason)
		if invalid.Cert != nil {
			f.Depth = max(0, slices.IndexFunc(chain, invalid.Cert.Equal))
			if late := outOfTime(invalid.Cert, f.Depth, now); late != nil && invalid.Reason == x509.Expired {
				f.Code = late.Code
			}
		}
	}
}

func codeOf(reason x509.InvalidReason) int {
	switch reason {
	case x509.NotAuthorizedToSign:
		return CodeInvalidCA
	case x509.Expired:
		return CodeExpired
	case x509.CANotAuthorizedForThisName:
		return CodePermittedViolation
	case x509.TooManyIntermediates:
		return CodePathLength
	case x509.IncompatibleUsage:
		return CodePurpose
	case x509.UnconstrainedName, x509.TooManyConstraints, x509.CANotAuthorizedForExtKeyUsage:
		return CodeUnsupportedNameType
	}
	return CodeUnspecified
}
