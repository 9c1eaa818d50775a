package ssl

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"iter"
	"slices"
)

// blocks runs over the PEM blocks of data. Text before and between them does not count.
func blocks(data []byte) iter.Seq[*pem.Block] {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // OpenSSL, too, passes a byte order mark over
	return func(yield func(*pem.Block) bool) {
		for {
			block, rest := pem.Decode(data)
			if block == nil || !yield(block) {
				return
			}
			data = rest
		}
	}
}

// certificateOf parses the certificate of a block. It is nil, nil for other blocks.
func certificateOf(block *pem.Block) (*x509.Certificate, error) {
	switch block.Type {
	case "CERTIFICATE", "X509 CERTIFICATE":
		return x509.ParseCertificate(block.Bytes)
	case trustedCertificate:
		// What OpenSSL is to trust it for follows the certificate.
		var certificate asn1.RawValue
		if _, err := asn1.Unmarshal(block.Bytes, &certificate); err != nil {
			return nil, err
		}
		return x509.ParseCertificate(certificate.FullBytes)
	}
	return nil, nil
}

const trustedCertificate = "TRUSTED CERTIFICATE"

// CertificatesOf returns the certificates of a PEM file as it is given by the option
// cafile. Blocks that are none, or that cannot be parsed, are passed over, and so are those
// of the type "TRUSTED CERTIFICATE" that say they are not to be trusted for TLS.
func CertificatesOf(pemData []byte) []*x509.Certificate {
	var certificates []*x509.Certificate
	for block := range blocks(pemData) {
		if block.Type == trustedCertificate && !forTLS(block.Bytes) {
			continue
		}
		if certificate, err := certificateOf(block); err == nil && certificate != nil {
			certificates = append(certificates, certificate)
		}
	}
	return certificates
}

// hasNames reports whether a server can tell its clients the names of a cafile's authorities:
// the first certificate that is no "TRUSTED CERTIFICATE" has to be good.
func hasNames(pemData []byte) bool {
	for block := range blocks(pemData) {
		if block.Type == trustedCertificate {
			continue
		}
		if certificate, err := certificateOf(block); err != nil || certificate != nil {
			return err == nil
		}
	}
	return false
}

// forTLS reads what OpenSSL's "x509 -addtrust" and "-addreject" wrote behind a certificate. A
// refusal of any kind is one of TLS, to be on the safe side.
func forTLS(der []byte) bool {
	var certificate asn1.RawValue
	rest, err := asn1.Unmarshal(der, &certificate)
	if err != nil || len(rest) == 0 {
		return err == nil
	}
	var settings struct {
		Trust  []asn1.ObjectIdentifier `asn1:"optional"`
		Reject []asn1.ObjectIdentifier `asn1:"optional,tag:0"`
		Alias  string                  `asn1:"optional,utf8"`
		KeyID  []byte                  `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(rest, &settings); err != nil || len(settings.Reject) != 0 {
		return false
	}
	anything, tlsServer, tlsClient := asn1.ObjectIdentifier{2, 5, 29, 37, 0},
		asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 2}
	return len(settings.Trust) == 0 || slices.ContainsFunc(settings.Trust, func(use asn1.ObjectIdentifier) bool {
		return use.Equal(anything) || use.Equal(tlsServer) || use.Equal(tlsClient)
	})
}
