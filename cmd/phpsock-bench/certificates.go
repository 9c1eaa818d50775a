package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Files in the bench's folder, for TLS. In the arguments of a row the names stand for
// the paths.
const (
	rsaFile       = "rsa.pem"         // a server's certificate and its key, RSA with 2,048 bits
	ecdsaFile     = "ecdsa.pem"       // the same with ECDSA P-256
	authorityFile = "authorities.pem" // the certificates of those who signed the two
)

// writeCertificates writes the files. As on the network, a server's certificate is signed
// by an authority with a key of the same kind.
func writeCertificates(folder string) error {
	kinds := map[string]func() (crypto.Signer, error){
		rsaFile:   func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) },
		ecdsaFile: func() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) },
	}
	var authorities []byte
	for name, newKey := range kinds {
		authority, server, err := newIdentity(name, newKey)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name), server, 0o600); err != nil {
			return err
		}
		authorities = append(authorities, authority...)
	}
	return os.WriteFile(filepath.Join(folder, authorityFile), authorities, 0o600)
}

// newIdentity makes an authority, and a certificate that it signed, with the key.
func newIdentity(name string, newKey func() (crypto.Signer, error)) (authority, server []byte, err error) {
	authorityKey, err := newKey()
	if err != nil {
		return nil, nil, err
	}
	key, err := newKey()
	if err != nil {
		return nil, nil, err
	}
	issuer := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		// OpenSSL finds an issuer by its name: each has its own.
		Subject:               pkix.Name{CommonName: "authority of " + name},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		KeyUsage:              x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	subject := &x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: "127.0.0.1"},
		NotBefore:    issuer.NotBefore,
		NotAfter:     issuer.NotAfter,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	signed, err := x509.CreateCertificate(rand.Reader, issuer, issuer, authorityKey.Public(), authorityKey)
	if err != nil {
		return nil, nil, err
	}
	authority = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})
	if signed, err = x509.CreateCertificate(rand.Reader, subject, issuer, key.Public(), authorityKey); err != nil {
		return nil, nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	server = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})
	return authority, append(server, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})...), nil
}

// tlsConfig has what all of the driver's own connections have in common. The key exchange
// is the one that OpenSSL 3.0 knows, too: what Go would rather do (X25519MLKEM768) costs
// more, and everybody is to do the same work.
func tlsConfig() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, CurvePreferences: []tls.CurveID{tls.X25519}}
}

// serverConfig is that of a server with the certificate and the key of a file.
func serverConfig(file string) (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(file, file)
	config := tlsConfig()
	config.Certificates = []tls.Certificate{pair}
	return config, err
}

// clientConfig is that of a client that trusts the authorities of a file.
func clientConfig(file string) (*tls.Config, error) {
	authorities, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	config := tlsConfig()
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(authorities) {
		return nil, errors.New("no certificate in " + file)
	}
	return config, nil
}
