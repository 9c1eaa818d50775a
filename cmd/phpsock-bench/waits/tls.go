package waits

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"sync"
	"time"
)

// identity is a certificate that signs itself, and its key, both as a file of PEM blocks.
var identity = sync.OnceValues(func() (file []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	public, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	file = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: public})
	return append(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})...), nil
})

// silentTLS is a server that shakes hands and then neither sends nor reads. Its variable
// is address.
func silentTLS() (*Peer, error) {
	file, err := identity()
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(file, file)
	if err != nil {
		return nil, err
	}
	// Tickets would come after the handshake.
	config := &tls.Config{Certificates: []tls.Certificate{pair}, SessionTicketsDisabled: true}
	return serve(func(c net.Conn) { _ = tls.Server(c, config).Handshake() })
}

// certificateFile is no peer but a file, for scripts that are servers. Its variable is
// cert.
func certificateFile() (*Peer, error) {
	file, err := identity()
	if err != nil {
		return nil, err
	}
	p, path, err := folder()
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(path, file, 0o600); err != nil {
		p.Close()
		return nil, err
	}
	p.Vars["cert"] = path
	return p, nil
}
