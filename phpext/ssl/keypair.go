package ssl

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"reflect"
)

// What [KeyPair] reports, wrapped in an error that says more.
var (
	// ErrCertificate is for a file without a certificate that can be used: PHP's "Unable
	// to set local cert chain file".
	ErrCertificate = errors.New("ssl: certificate cannot be used")
	// ErrKey is for a file without a private key that can be read, also because its
	// passphrase is another one: PHP's "Unable to set private key file".
	ErrKey = errors.New("ssl: private key cannot be used")
	// ErrMismatch is for the key of another certificate. PHP says the same as of ErrKey,
	// which it is not.
	ErrMismatch = errors.New("ssl: private key does not match the certificate")
	// ErrOtherKind is for a key of another kind than the certificate's, RSA for example,
	// which PHP warns of, and goes on without either.
	ErrOtherKind = errors.New("ssl: private key is of another kind than the certificate's")
)

const mostLinks = 100 // certificates after the first one; nobody verifies a longer chain

// KeyPair reads what the options local_cert, local_pk and passphrase name: the first
// certificate of certPEM, followed by those of its issuers, and the first private key of
// keyPEM, in whichever encoding OpenSSL writes one. RSA, ECDSA and Ed25519 are known.
// The passphrase is not looked at where the key is not encrypted.
func KeyPair(certPEM, keyPEM, passphrase []byte) (tls.Certificate, error) {
	pair, err := chainOf(certPEM)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("%w: %w", ErrCertificate, err)
	}
	key, err := privateKeyOf(keyPEM, passphrase)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("%w: %w", ErrKey, err)
	}
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if reflect.TypeOf(public) != reflect.TypeOf(pair.Leaf.PublicKey) {
		return tls.Certificate{}, fmt.Errorf("%w: %w: %T and %T", ErrOtherKind, ErrMismatch, key, pair.Leaf.PublicKey)
	}
	if !ok || !public.Equal(pair.Leaf.PublicKey) {
		return tls.Certificate{}, fmt.Errorf("%w: %T and %T", ErrMismatch, key, pair.Leaf.PublicKey)
	}
	pair.PrivateKey = key
	return pair, nil
}

// chainOf takes all certificates or none, as SSL_CTX_use_certificate_chain_file does.
func chainOf(certPEM []byte) (tls.Certificate, error) {
	var pair tls.Certificate
	for block := range blocks(certPEM) {
		certificate, err := certificateOf(block)
		switch {
		case err != nil:
			return pair, err
		case certificate == nil:
			continue
		case len(pair.Certificate) > mostLinks:
			return pair, errors.New("chain too long")
		case pair.Leaf == nil:
			pair.Leaf = certificate
		}
		pair.Certificate = append(pair.Certificate, certificate.Raw)
	}
	if pair.Leaf == nil {
		return pair, errors.New("no certificate in it")
	}
	return pair, nil
}

// privateKeyOf reads the first private key, and no other if that is of no use.
func privateKeyOf(keyPEM, passphrase []byte) (crypto.Signer, error) {
	for block := range blocks(keyPEM) {
		der := block.Bytes
		var err error
		switch block.Type {
		case "ENCRYPTED PRIVATE KEY":
			if der, err = decryptPKCS8(der, passphrase); err != nil {
				return nil, err
			}
			return signerOf(x509.ParsePKCS8PrivateKey(der))
		case "PRIVATE KEY":
			return signerOf(x509.ParsePKCS8PrivateKey(der))
		case "RSA PRIVATE KEY", "EC PRIVATE KEY":
			//nolint:staticcheck // old and weak, but files of it are there to be read
			if x509.IsEncryptedPEMBlock(block) {
				//nolint:staticcheck // as above
				if der, err = x509.DecryptPEMBlock(block, passphrase); err != nil {
					return nil, err
				}
			}
			if block.Type == "RSA PRIVATE KEY" {
				return signerOf(x509.ParsePKCS1PrivateKey(der))
			}
			return signerOf(x509.ParseECPrivateKey(der))
		}
	}
	return nil, errors.New("no private key in it")
}

// signerOf leaves out what crypto/tls cannot sign with, such as X25519.
func signerOf[K any](parsed K, err error) (crypto.Signer, error) {
	if err != nil {
		return nil, err
	}
	switch key := any(parsed).(type) {
	case *rsa.PrivateKey:
		return key, nil
	case *ecdsa.PrivateKey:
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, fmt.Errorf("unsupported key %T", parsed)
}
