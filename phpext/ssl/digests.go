package ssl

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"hash"

	"golang.org/x/crypto/blake2b"
	"golang.org/x/crypto/blake2s"
	"golang.org/x/crypto/ripemd160" //nolint:staticcheck // deprecated, but a fingerprint may be in it
)

// digestOf returns the digest that OpenSSL knows under name, in any case, or nil.
// OpenSSL also has md4, md5-sha1, mdc2, sm3, whirlpool and the shakes, which are nil.
func digestOf(name string) func() hash.Hash {
	switch lower(cString(name)) {
	case "md5", "ssl3-md5", "rsa-md5", "md5withrsaencryption":
		return md5.New
	case "sha1", "sha-1", "ssl3-sha1", "rsa-sha1", "rsa-sha1-2", "sha1withrsa", "sha1withrsaencryption":
		return sha1.New
	case "sha224", "sha-224", "sha2-224", "rsa-sha224", "sha224withrsaencryption":
		return sha256.New224
	case "sha256", "sha-256", "sha2-256", "rsa-sha256", "sha256withrsaencryption":
		return sha256.New
	case "sha384", "sha-384", "sha2-384", "rsa-sha384", "sha384withrsaencryption":
		return sha512.New384
	case "sha512", "sha-512", "sha2-512", "rsa-sha512", "sha512withrsaencryption":
		return sha512.New
	case "sha512-224", "sha-512/224", "sha2-512/224", "rsa-sha512/224", "sha512-224withrsaencryption":
		return sha512.New512_224
	case "sha512-256", "sha-512/256", "sha2-512/256", "rsa-sha512/256", "sha512-256withrsaencryption":
		return sha512.New512_256
	case "sha3-224", "rsa-sha3-224":
		return func() hash.Hash { return sha3.New224() }
	case "sha3-256", "rsa-sha3-256":
		return func() hash.Hash { return sha3.New256() }
	case "sha3-384", "rsa-sha3-384":
		return func() hash.Hash { return sha3.New384() }
	case "sha3-512", "rsa-sha3-512":
		return func() hash.Hash { return sha3.New512() }
	case "ripemd160", "ripemd", "rmd160", "ripemd-160", "rsa-ripemd160", "ripemd160withrsa":
		return ripemd160.New
	case "blake2b512", "blake2b-512":
		return unkeyed(blake2b.New512)
	case "blake2s256", "blake2s-256":
		return unkeyed(blake2s.New256)
	}
	return nil
}

// unkeyed leaves out the key, without which there is no error.
func unkeyed(keyed func(key []byte) (hash.Hash, error)) func() hash.Hash {
	return func() hash.Hash {
		h, _ := keyed(nil)
		return h
	}
}
