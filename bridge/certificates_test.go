package bridge_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// certificates are those of a small authority: a root, one authority below it, and what that
// signed for servers and clients. They are there as Go takes them and as PEM files.
type certificates struct {
	folder string
	made   map[string]tls.Certificate
}

// certificate is what one is made of: its name is its CN, and that of its files.
type certificate struct {
	name   string
	issuer string // "" for one that signs itself
	rsa    bool
	ca     bool
	dns    []string
	ips    []net.IP
	usage  x509.ExtKeyUsage // servers' and clients' if it is 0
	// How far from now it begins and ends to be valid; an hour ago and a day ahead if both are 0.
	from, until time.Duration
}

var (
	loopback    = []net.IP{net.IPv4(127, 0, 0, 1)}
	serverNames = []string{"localhost", "*.example.test"}
)

// theCertificates are in the order in which they can be made. Those that the "stranger" signed
// are by an authority that nobody trusts.
var theCertificates = []certificate{
	{name: "root", ca: true},
	{name: "intermediate", issuer: "root", ca: true},
	{name: "stranger", ca: true},
	{name: "stale", issuer: "root", ca: true, from: -48 * time.Hour, until: -24 * time.Hour},
	{name: "ecdsa", issuer: "intermediate", dns: serverNames, ips: loopback},
	{name: "rsa", issuer: "intermediate", rsa: true, dns: serverNames, ips: loopback},
	{name: "by-root", issuer: "root", dns: serverNames, ips: loopback},
	{name: "by-stranger", issuer: "stranger", dns: serverNames, ips: loopback},
	{name: "by-stale", issuer: "stale", dns: serverNames, ips: loopback},
	{name: "for-clients", issuer: "intermediate", dns: serverNames, ips: loopback, usage: x509.ExtKeyUsageClientAuth},
	{name: "self-signed", dns: serverNames, ips: loopback},
	{name: "expired", issuer: "intermediate", dns: serverNames, ips: loopback, from: -48 * time.Hour, until: -24 * time.Hour},
	{name: "not-yet-valid", issuer: "intermediate", dns: serverNames, ips: loopback, from: 24 * time.Hour, until: 48 * time.Hour},
	{name: "other-host", issuer: "intermediate", dns: []string{"other.test"}},
	{name: "ip-only", issuer: "intermediate", ips: loopback},
	{name: "idn", issuer: "intermediate", dns: []string{"xn--bcher-kva.test", "*.xn--bcher-kva.test"}},
	{name: "wildcards", issuer: "intermediate", dns: []string{"*.example.test", "f*.half.test", "*"}},
	{name: "localhost", issuer: "intermediate"}, // has but its CN
	{name: "sni-exact", issuer: "root", dns: []string{"a.example.test"}},
	{name: "sni-wildcard", issuer: "intermediate", rsa: true, dns: []string{"*.example.test"}},
	{name: "client-ecdsa", issuer: "intermediate"},
	{name: "client-rsa", issuer: "intermediate", rsa: true},
	{name: "client-by-stranger", issuer: "stranger"},
}

// makeCertificates makes them once for all tests, as RSA keys take their time. Those of RSA
// share one, which no test minds.
var makeCertificates = sync.OnceValues(func() (map[string]tls.Certificate, error) {
	made := make(map[string]tls.Certificate, len(theCertificates))
	shared, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	for i, c := range theCertificates {
		var key crypto.Signer = shared
		if !c.rsa {
			if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
				return nil, err
			}
		}
		if made[c.name], err = c.make(int64(i+1), key, made[c.issuer]); err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return made, nil
})

// make makes the certificate with its chain up to, but without, the root.
func (c certificate) make(serial int64, key crypto.Signer, issuer tls.Certificate) (tls.Certificate, error) {
	if c.from == 0 && c.until == 0 {
		c.from, c.until = -time.Hour, 24*time.Hour
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: c.name},
		NotBefore: time.Now().Add(c.from), NotAfter: time.Now().Add(c.until),
		DNSNames: c.dns, IPAddresses: c.ips, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if c.usage != 0 {
		template.ExtKeyUsage = []x509.ExtKeyUsage{c.usage}
	}
	if c.ca {
		template.IsCA, template.KeyUsage, template.ExtKeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign, nil
	}
	parent, signer := template, key
	if c.issuer != "" {
		parent, signer = issuer.Leaf, issuer.PrivateKey.(crypto.Signer)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	made := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
	if c.issuer != "" && issuer.Leaf.Issuer.CommonName != issuer.Leaf.Subject.CommonName {
		made.Certificate = append(made.Certificate, issuer.Certificate...)
	}
	return made, err
}

// newCertificates writes the certificates to a folder of the test's own: NAME.pem has the
// certificate with its chain and its key, NAME.crt and NAME.key have one of both.
func newCertificates(t testing.TB) certificates {
	t.Helper()
	made, err := makeCertificates()
	require.NoError(t, err)
	c := certificates{folder: t.TempDir(), made: made}
	for name, pair := range made {
		var chain bytes.Buffer
		for _, der := range pair.Certificate {
			require.NoError(t, pem.Encode(&chain, &pem.Block{Type: "CERTIFICATE", Bytes: der}))
		}
		secret, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
		require.NoError(t, err)
		key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
		for suffix, text := range map[string][]byte{"crt": chain.Bytes(), "key": key, "pem": append(chain.Bytes(), key...)} {
			require.NoError(t, os.WriteFile(filepath.Join(c.folder, name+"."+suffix), text, 0o600))
		}
	}
	return c
}

// file is the path of a file, for example "rsa.pem".
func (c certificates) file(name string) string { return filepath.Join(c.folder, name) }

func (c certificates) pair(name string) tls.Certificate { return c.made[name] }

// roots is what everybody trusts: "root.crt".
func (c certificates) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(c.made["root"].Leaf)
	return pool
}

// fingerprint is that of a certificate as PHP's peer_fingerprint takes it.
func (c certificates) fingerprint(name string, h crypto.Hash) string {
	der := c.made[name].Certificate[0]
	if h == crypto.SHA1 {
		sum := sha1.Sum(der)
		return hex.EncodeToString(sum[:])
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

// What the other tests rest on: the good ones verify, the others don't.
func TestCertificates(t *testing.T) {
	c := newCertificates(t)
	for name, good := range map[string]bool{
		"ecdsa": true, "rsa": true, "by-root": true, "client-ecdsa": true, "client-rsa": true,
		"by-stranger": false, "self-signed": false, "expired": false, "not-yet-valid": false,
	} {
		pair, err := tls.LoadX509KeyPair(c.file(name+".pem"), c.file(name+".pem"))
		require.NoError(t, err)
		options := x509.VerifyOptions{Roots: c.roots(), Intermediates: x509.NewCertPool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
		for _, der := range pair.Certificate[1:] {
			above, err := x509.ParseCertificate(der)
			require.NoError(t, err)
			options.Intermediates.AddCert(above)
		}
		_, err = pair.Leaf.Verify(options)
		require.Equal(t, good, err == nil, "%s: %v", name, err)
	}
	require.Len(t, c.fingerprint("rsa", crypto.SHA1), 40)
	require.Len(t, c.fingerprint("rsa", crypto.SHA256), 64)
}
