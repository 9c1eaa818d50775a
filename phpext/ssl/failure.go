package ssl

import "strconv"

// What OpenSSL calls X509_V_ERR_*.
const (
	CodeUnspecified         = 1
	CodeNoIssuer            = 2 // of a certificate that is trusted
	CodeSignature           = 7
	CodeNotYetValid         = 9
	CodeExpired             = 10
	CodeSelfSigned          = 18 // the leaf
	CodeSelfSignedInChain   = 19
	CodeNoLocalIssuer       = 20
	CodeChainTooLong        = 22
	CodePathLength          = 25
	CodePurpose             = 26
	CodeNoCertSign          = 32
	CodeCriticalExtension   = 34
	CodePermittedViolation  = 47
	CodeExcludedViolation   = 48
	CodeUnsupportedNameType = 51
	CodeKeyTooSmall         = 66
	CodeCAKeyTooSmall       = 67
	CodeDigestTooWeak       = 68
	CodeInvalidCA           = 79
)

// Failure is why a peer's certificate is not trusted.
type Failure struct {
	Code  int   // OpenSSL's X509_V_ERR_*
	Depth int   // of the certificate in the chain, 0 is the peer's own
	Err   error // what crypto/x509 said, or nil
}

// Error returns OpenSSL's text of the code and what crypto/x509 said.
func (f *Failure) Error() string {
	text := "ssl: certificate verify failed: " + f.Text() + " (code " + strconv.Itoa(f.Code) +
		", depth " + strconv.Itoa(f.Depth) + ")"
	if f.Err != nil {
		text += ": " + f.Err.Error()
	}
	return text
}

// Unwrap gives what crypto/x509 said.
func (f *Failure) Unwrap() error { return f.Err }

// Warning returns the warning of a PHP whose handshake went through all the same.
func (f *Failure) Warning() string {
	return "Could not verify peer: code:" + strconv.Itoa(f.Code) + " " + f.Text()
}

// Text returns what X509_verify_cert_error_string of OpenSSL 3 says.
func (f *Failure) Text() string {
	switch f.Code {
	case CodeUnspecified:
		return "unspecified certificate verification error"
	case CodeNoIssuer:
		return "unable to get issuer certificate"
	case CodeSignature:
		return "certificate signature failure"
	case CodeNotYetValid:
		return "certificate is not yet valid"
	case CodeExpired:
		return "certificate has expired"
	case CodeSelfSigned:
		return "self-signed certificate"
	case CodeSelfSignedInChain:
		return "self-signed certificate in certificate chain"
	case CodeNoLocalIssuer:
		return "unable to get local issuer certificate"
	case 21:
		return "unable to verify the first certificate"
	case CodeChainTooLong:
		return "certificate chain too long"
	case 23:
		return "certificate revoked"
	case 24:
		return "issuer certificate doesn't have a public key"
	case CodePathLength:
		return "path length constraint exceeded"
	case CodePurpose:
		return "unsuitable certificate purpose"
	case 27:
		return "certificate not trusted"
	case 28:
		return "certificate rejected"
	case CodeNoCertSign:
		return "key usage does not include certificate signing"
	case CodeCriticalExtension:
		return "unhandled critical extension"
	case 41:
		return "invalid or inconsistent certificate extension"
	case CodePermittedViolation:
		return "permitted subtree violation"
	case CodeExcludedViolation:
		return "excluded subtree violation"
	case CodeUnsupportedNameType:
		return "unsupported name constraint type"
	case 62:
		return "hostname mismatch"
	case CodeKeyTooSmall:
		return "EE certificate key too weak"
	case CodeCAKeyTooSmall:
		return "CA certificate key too weak"
	case CodeDigestTooWeak:
		return "CA signature digest algorithm too weak"
	case CodeInvalidCA:
		return "invalid CA certificate"
	}
	return "unknown certificate verification error"
}
