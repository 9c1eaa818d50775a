package ssl

import (
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash"

	"golang.org/x/crypto/scrypt"
)

// A key file says itself how much work its key is. These are far above what any program
// writes, and keep a hostile file from more than some seconds or from much memory.
const (
	mostIterations   = 10_000_000
	mostScryptMemory = 64 << 20 // bytes; OpenSSL itself refuses more than 32 MiB
	mostScryptWork   = 16 * mostScryptMemory
)

var (
	oidPBKDF2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	oidScrypt = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}
)

var errTooMuchWork = errors.New("deriving the key would be too much work")

func deriveKey(a pkix.AlgorithmIdentifier, passphrase []byte, size int) ([]byte, error) {
	switch {
	case a.Algorithm.Equal(oidPBKDF2):
		return derivePBKDF2(a, passphrase, size)
	case a.Algorithm.Equal(oidScrypt):
		return deriveScrypt(a, passphrase, size)
	}
	return nil, fmt.Errorf("unsupported key derivation %v", a.Algorithm)
}

func derivePBKDF2(a pkix.AlgorithmIdentifier, passphrase []byte, size int) ([]byte, error) {
	var p struct {
		Salt       []byte
		Iterations int
		KeyLength  int                      `asn1:"optional"`
		Digest     pkix.AlgorithmIdentifier `asn1:"optional"`
	}
	if err := parameters(a, &p); err != nil {
		return nil, err
	}
	if p.Iterations < 1 || p.KeyLength != 0 && p.KeyLength != size {
		return nil, errors.New("malformed key derivation")
	}
	if p.Iterations > mostIterations {
		return nil, errTooMuchWork
	}
	digest, err := hmacDigest(p.Digest.Algorithm)
	if err != nil {
		return nil, err
	}
	return pbkdf2.Key(digest, string(passphrase), p.Salt, p.Iterations, size)
}

// hmacDigest knows the HMACs of 1.2.840.113549.2, without one the standard's default.
func hmacDigest(oid asn1.ObjectIdentifier) (func() hash.Hash, error) {
	prefix := asn1.ObjectIdentifier{1, 2, 840, 113549, 2}
	if len(oid) == 0 {
		return sha1.New, nil
	}
	if len(oid) == len(prefix)+1 && oid[:len(prefix)].Equal(prefix) {
		switch oid[len(prefix)] {
		case 7:
			return sha1.New, nil
		case 8:
			return sha256.New224, nil
		case 9:
			return sha256.New, nil
		case 10:
			return sha512.New384, nil
		case 11:
			return sha512.New, nil
		case 12:
			return sha512.New512_224, nil
		case 13:
			return sha512.New512_256, nil
		}
	}
	return nil, fmt.Errorf("unsupported HMAC %v", oid)
}

func deriveScrypt(a pkix.AlgorithmIdentifier, passphrase []byte, size int) ([]byte, error) {
	var p struct {
		Salt      []byte
		N, R, P   int
		KeyLength int `asn1:"optional"`
	}
	if err := parameters(a, &p); err != nil {
		return nil, err
	}
	if p.N < 2 || p.R < 1 || p.P < 1 || p.KeyLength != 0 && p.KeyLength != size {
		return nil, errors.New("malformed key derivation")
	}
	if p.N > mostScryptMemory || p.R > mostScryptMemory || p.P > mostScryptMemory ||
		int64(p.N)*int64(p.R)*128 > mostScryptMemory || int64(p.R)*int64(p.P)*128 > mostScryptMemory ||
		int64(p.N)*int64(p.R)*128 > mostScryptWork/int64(p.P) {
		return nil, errTooMuchWork
	}
	return scrypt.Key(passphrase, p.Salt, p.N, p.R, p.P, size)
}
