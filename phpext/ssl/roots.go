package ssl

import (
	"bytes"
	"crypto/x509"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Roots is what a chain may end in. It must not be nil.
type Roots struct {
	pool         *x509.CertPool // of self-signed certificates
	certificates []*x509.Certificate
	others       []*x509.Certificate // trusted to be links only
}

// NewRoots returns the self-signed ones of certificates as roots. The others, as in
// OpenSSL, help to get from a peer's certificate to one of them but are no end by
// themselves.
func NewRoots(certificates []*x509.Certificate) *Roots {
	roots := &Roots{pool: x509.NewCertPool(), certificates: slices.Clone(certificates)}
	for _, certificate := range certificates {
		if selfSigned(certificate) {
			roots.pool.AddCert(certificate)
		} else {
			roots.others = append(roots.others, certificate)
		}
	}
	return roots
}

// SystemRoots returns the roots that the system trusts, as [x509.SystemCertPool] finds
// them: SSL_CERT_FILE and SSL_CERT_DIR count for it as they do for OpenSSL.
func SystemRoots() (*Roots, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, err
	}
	return &Roots{pool: pool}, nil
}

// Certificates returns those that [NewRoots] was given, none for the system's roots. A
// server tells their names to its clients.
func (r *Roots) Certificates() []*x509.Certificate { return slices.Clone(r.certificates) }

// issuers are the certificates that can be looked at. Those of the system cannot.
func (r *Roots) issuers() []*x509.Certificate { return r.certificates }

// chain returns the issuers of a certificate that are known, the nearest first, and the root
// with them.
func (r *Roots) chain(certificate *x509.Certificate) (issuers []*x509.Certificate) {
	for len(issuers) < mostLinks && !selfSigned(certificate) {
		i := slices.IndexFunc(r.certificates, func(issuer *x509.Certificate) bool {
			return bytes.Equal(issuer.RawSubject, certificate.RawIssuer) && certificate.CheckSignatureFrom(issuer) == nil
		})
		if i < 0 {
			break
		}
		certificate = r.certificates[i]
		issuers = append(issuers, certificate)
	}
	return issuers
}

const (
	largestRoot = 1 << 20 // bytes of a file in a folder of roots
	mostRoots   = 10_000  // files of all the folders
)

// DirectoryRoots returns the certificates of the option capath: folders separated by
// ':' whose files are named by a hash of the subject, as "openssl rehash" does it, such
// as 1a2b3c4d.0. Other files, and files that cannot be read, do not count. The name is
// not compared with the hash.
func DirectoryRoots(path string) []*x509.Certificate {
	hashed := regexp.MustCompile(`^[0-9a-f]{8}\.[0-9]{1,9}$`)
	var certificates []*x509.Certificate
	files := 0
	for folder := range strings.SplitSeq(cString(path), ":") {
		if folder == "" {
			continue
		}
		entries, _ := os.ReadDir(folder)
		for _, entry := range entries {
			if !hashed.MatchString(entry.Name()) {
				continue
			}
			if files++; files > mostRoots {
				return certificates
			}
			certificates = append(certificates, CertificatesOf(readRoot(filepath.Join(folder, entry.Name())))...)
		}
	}
	return certificates
}

func readRoot(path string) []byte {
	// A pipe under such a name would be waited for.
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	data, _ := io.ReadAll(io.LimitReader(file, largestRoot))
	return data
}
