package ssl_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext/ssl"
)

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func TestKeyPair(t *testing.T) {
	root := issue(t, nil, nil, "root", authority)
	ec := issue(t, root, nil, "ec")
	ed := issue(t, root, newEd25519(t), "ed")
	r := issue(t, root, newRSA(t, 2048), "rsa")
	sec1, err := x509.MarshalECPrivateKey(ec.key.(*ecdsa.PrivateKey))
	require.NoError(t, err)
	old := block("EC PRIVATE KEY", sec1)
	parameters := block("EC PARAMETERS", []byte{6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7})
	crlf := func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")) }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	noise := []byte("Bag Attributes\n    localKeyID: 01\nsubject=CN = x\n\n")
	tests := []struct {
		name      string
		cert, key []byte
		leaf      *holder
		chain     int
		is        error
	}{
		{"PKCS#8 EC", certPEM(ec), keyPEM(t, ec.key), ec, 1, nil},
		{"SEC1", certPEM(ec), old, ec, 1, nil},
		{"SEC1 with parameters", certPEM(ec), join(parameters, old), ec, 1, nil},
		{"Ed25519", certPEM(ed), keyPEM(t, ed.key), ed, 1, nil},
		{"PKCS#8 RSA", certPEM(r), keyPEM(t, r.key), r, 1, nil},
		{"PKCS#1", certPEM(r), block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(r.key.(*rsa.PrivateKey))), r, 1, nil},
		{"chain", certPEM(ec, root), keyPEM(t, ec.key), ec, 2, nil},
		{"in one file", join(keyPEM(t, ec.key), certPEM(ec, root)), join(certPEM(ec), keyPEM(t, ec.key)), ec, 2, nil},
		{"text between", join(noise, certPEM(ec), noise, certPEM(root)), join(noise, keyPEM(t, ec.key), noise), ec, 2, nil},
		{"CRLF", crlf(certPEM(ec)), crlf(keyPEM(t, ec.key)), ec, 1, nil},
		{"X509 CERTIFICATE", block("X509 CERTIFICATE", ec.Raw), old, ec, 1, nil},
		{"TRUSTED CERTIFICATE", block("TRUSTED CERTIFICATE", append(bytes.Clone(ec.Raw), 0x30, 0)), old, ec, 1, nil},
		{"first of two keys", certPEM(ec), join(old, keyPEM(t, r.key)), ec, 1, nil},
		{"no certificate", keyPEM(t, ec.key), keyPEM(t, ec.key), nil, 0, ssl.ErrCertificate},
		{"empty", nil, nil, nil, 0, ssl.ErrCertificate},
		{"broken certificate", block("CERTIFICATE", []byte{0x30, 0}), old, nil, 0, ssl.ErrCertificate},
		{"broken link", join(certPEM(ec), block("CERTIFICATE", []byte{1})), old, nil, 0, ssl.ErrCertificate},
		{"DER", ec.Raw, old, nil, 0, ssl.ErrCertificate},
		{"no key", certPEM(ec), certPEM(ec), nil, 0, ssl.ErrKey},
		{"broken key", certPEM(ec), block("PRIVATE KEY", []byte{0x30, 0}), nil, 0, ssl.ErrKey},
		{"broken PKCS#1 key", certPEM(ec), block("RSA PRIVATE KEY", []byte{0x30, 0}), nil, 0, ssl.ErrKey},
		{"public key", certPEM(ec), block("PUBLIC KEY", nil), nil, 0, ssl.ErrKey},
		{"other key", certPEM(ec), keyPEM(t, newEC(t, elliptic.P256())), nil, 0, ssl.ErrMismatch},
		{"key of another kind", certPEM(ec), keyPEM(t, r.key), nil, 0, ssl.ErrMismatch},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pair, err := ssl.KeyPair(tt.cert, tt.key, []byte("not needed"))
			require.ErrorIs(t, err, tt.is)
			if tt.is != nil {
				require.Zero(t, pair)
				return
			}
			require.Len(t, pair.Certificate, tt.chain)
			require.Equal(t, tt.leaf.Raw, pair.Certificate[0])
			require.Equal(t, tt.leaf.Raw, pair.Leaf.Raw)
			require.Equal(t, tt.leaf.key.Public(), pair.PrivateKey.(crypto.Signer).Public())
		})
	}
}

// X25519 cannot sign: it is none of the keys of TLS.
func TestKeyPairUnsupported(t *testing.T) {
	const x25519 = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIGhGK3Y9mH2VjPjmQ1OKPvU1zVYqvyvCIfCJgWFI5ntp\n-----END PRIVATE KEY-----\n"
	_, err := ssl.KeyPair(certPEM(issue(t, nil, nil, "x")), []byte(x25519), nil)
	require.ErrorIs(t, err, ssl.ErrKey)
	require.ErrorContains(t, err, "unsupported key *ecdh.PrivateKey")
}

// Keys as OpenSSL encrypts them, all with the passphrase "secret" and for the same key.
func TestEncryptedKeys(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "keys.pem"))
	require.NoError(t, err)
	var cert []byte
	keys := make(map[string][]byte)
	for rest := data; ; {
		var b *pem.Block
		heading, _, _ := strings.Cut(string(rest), "\n")
		if b, rest = pem.Decode(rest); b == nil {
			break
		}
		rest = bytes.TrimLeft(rest, "\n")
		if b.Type == "CERTIFICATE" {
			cert = pem.EncodeToMemory(b)
		} else {
			keys[heading] = pem.EncodeToMemory(b)
		}
	}
	require.Len(t, keys, 14)
	for name, key := range keys {
		t.Run(name, func(t *testing.T) {
			pair, err := ssl.KeyPair(cert, key, []byte("secret"))
			if strings.Contains(name, "unsupported") {
				require.ErrorIs(t, err, ssl.ErrKey)
				require.ErrorContains(t, err, "unsupported")
				return
			}
			require.NoError(t, err)
			require.NotNil(t, pair.PrivateKey)
			for _, wrong := range []string{"", "Secret", "secret1"} {
				_, err = ssl.KeyPair(cert, key, []byte(wrong))
				require.ErrorIs(t, err, ssl.ErrKey)
			}
		})
	}
}

// What this machine's OpenSSL writes can be read.
func TestEncryptedKeysOfOpenSSL(t *testing.T) {
	need(t, "openssl")
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain.pem")
	for kind, key := range map[string]crypto.Signer{"EC": newEC(t, elliptic.P384()), "RSA": newRSA(t, 2048), "Ed25519": newEd25519(t)} {
		cert := certPEM(issue(t, nil, key, "x"))
		require.NoError(t, os.WriteFile(plain, keyPEM(t, key), 0o600))
		for _, args := range []string{
			"pkcs8 -topk8", "pkcs8 -topk8 -v2 des3", "pkcs8 -topk8 -v2 aes-192-cbc -v2prf hmacWithSHA384", "pkcs8 -topk8 -scrypt",
			"pkcs8 -topk8 -v2prf hmacWithSHA1 -iter 1", "pkcs8 -topk8 -v2prf hmacWithSHA512-256", "pkey -aes128", "pkey -traditional -aes256",
		} {
			if kind == "Ed25519" && strings.Contains(args, "traditional") {
				continue
			}
			t.Run(kind+" "+args, func(t *testing.T) {
				words := append(strings.Fields(args), "-in", plain, "-passout", "pass:Pässword")
				out, err := exec.Command("openssl", words...).Output()
				require.NoError(t, err)
				pair, err := ssl.KeyPair(cert, out, []byte("Pässword"))
				require.NoError(t, err)
				require.Equal(t, key.Public(), pair.PrivateKey.(crypto.Signer).Public())
				_, err = ssl.KeyPair(cert, out, []byte("other"))
				require.ErrorIs(t, err, ssl.ErrKey)
			})
		}
	}
}

// A hostile file costs neither much time nor much memory.
func TestKeyPairBounds(t *testing.T) {
	cert := certPEM(issue(t, nil, nil, "x"))
	tests := map[string][]byte{
		"PBKDF2":   encryptedKey(pbkdf2Of(1<<40, nil)),
		"scrypt N": encryptedKey(scryptOf(1<<30, 8, 1)), "scrypt r": encryptedKey(scryptOf(2, 1<<30, 1)),
		"scrypt p": encryptedKey(scryptOf(2, 1, 1<<30)), "scrypt N*r*p": encryptedKey(scryptOf(1<<14, 8, 1<<12)),
		"scrypt beyond an int": encryptedKey(scryptOf(1<<62, 1<<62, 1<<62)),
	}
	begun := time.Now()
	for name, key := range tests {
		_, err := ssl.KeyPair(cert, key, []byte("secret"))
		require.ErrorIs(t, err, ssl.ErrKey, name)
		require.ErrorContains(t, err, "too much work", name)
	}
	for name, key := range map[string][]byte{
		"no iterations": encryptedKey(pbkdf2Of(0, nil)), "negative": encryptedKey(pbkdf2Of(-1, nil)),
		"other size": encryptedKey(scryptOf(0, 0, 0)), "N is no power of two": encryptedKey(scryptOf(3, 1, 1)),
	} {
		_, err := ssl.KeyPair(cert, key, []byte("secret"))
		require.ErrorIs(t, err, ssl.ErrKey, name)
	}
	for _, junk := range []string{"-----BEGIN CERTIFICATE-----\n", "-----BEGIN A-----\n-----END B-----\n", "-----BEGIN ", "-----END ", "\n-----"} {
		_, err := ssl.KeyPair(bytes.Repeat([]byte(junk), 4<<20/len(junk)), nil, nil)
		require.ErrorIs(t, err, ssl.ErrCertificate)
	}
	_, err := ssl.KeyPair(bytes.Repeat(cert, 20_000), nil, nil)
	require.ErrorIs(t, err, ssl.ErrCertificate)
	require.Less(t, time.Since(begun), 20*time.Second)
}

// A pair does what it is for.
func TestKeyPairServes(t *testing.T) {
	holder := issue(t, nil, nil, "x")
	pair, err := ssl.KeyPair(certPEM(holder), keyPEM(t, holder.key), nil)
	require.NoError(t, err)
	digest := make([]byte, 32)
	signature, err := pair.PrivateKey.(crypto.Signer).Sign(rand.Reader, digest, crypto.SHA256)
	require.NoError(t, err)
	require.True(t, ecdsa.VerifyASN1(pair.Leaf.PublicKey.(*ecdsa.PublicKey), digest, signature))
	_ = tls.Config{Certificates: []tls.Certificate{pair}}
}

func FuzzKeyPair(f *testing.F) {
	holder := issue(f, nil, nil, "x")
	key := keyPEM(f, holder.key)
	f.Add(certPEM(holder), key, []byte(nil))
	f.Add(append(bytes.Clone(key), certPEM(holder)...), key, []byte("secret"))
	f.Add(certPEM(holder), encryptedKey(scryptOf(2, 1, 1)), []byte("secret"))
	f.Add(certPEM(holder), encryptedKey(pbkdf2Of(1, nil)), []byte("secret"))
	if data, err := os.ReadFile(filepath.Join("testdata", "keys.pem")); err == nil {
		f.Add(certPEM(holder), data, []byte("secret"))
	}
	f.Fuzz(func(t *testing.T, cert, key, passphrase []byte) {
		begun := time.Now()
		pair, err := ssl.KeyPair(cert, key, passphrase)
		require.Less(t, time.Since(begun), 20*time.Second)
		if err != nil {
			require.Zero(t, pair)
			return
		}
		require.Equal(t, pair.Leaf.Raw, pair.Certificate[0])
		public := pair.PrivateKey.(crypto.Signer).Public()
		require.True(t, public.(interface{ Equal(crypto.PublicKey) bool }).Equal(pair.Leaf.PublicKey))
	})
}
