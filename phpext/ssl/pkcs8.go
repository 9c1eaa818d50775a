package ssl

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
)

// decryptPKCS8 decrypts an EncryptedPrivateKeyInfo (RFC 5958) of the scheme PBES2 (RFC 8018),
// which is what every OpenSSL since 1.1 writes.
func decryptPKCS8(der, passphrase []byte) ([]byte, error) {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}
	if rest, err := asn1.Unmarshal(der, &info); err != nil || len(rest) != 0 {
		return nil, errors.New("malformed encrypted key")
	}
	if !info.Algorithm.Algorithm.Equal(oidPBES2) {
		return nil, fmt.Errorf("unsupported encryption %v", info.Algorithm.Algorithm)
	}
	var scheme struct{ Derivation, Cipher pkix.AlgorithmIdentifier }
	if err := parameters(info.Algorithm, &scheme); err != nil {
		return nil, err
	}
	newCipher, keySize, err := cipherOf(scheme.Cipher.Algorithm)
	if err != nil {
		return nil, err
	}
	var iv []byte
	if err := parameters(scheme.Cipher, &iv); err != nil {
		return nil, err
	}
	key, err := deriveKey(scheme.Derivation, passphrase, keySize)
	if err != nil {
		return nil, err
	}
	block, err := newCipher(key)
	if err != nil {
		return nil, err
	}
	return decryptCBC(block, iv, info.Data)
}

var (
	oidPBES2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidDES3   = asn1.ObjectIdentifier{1, 2, 840, 113549, 3, 7}
	oidAES128 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 2}
	oidAES192 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 22}
	oidAES256 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}
)

func cipherOf(oid asn1.ObjectIdentifier) (newCipher func(key []byte) (cipher.Block, error), keySize int, err error) {
	switch {
	case oid.Equal(oidAES128):
		return aes.NewCipher, 16, nil
	case oid.Equal(oidAES192):
		return aes.NewCipher, 24, nil
	case oid.Equal(oidAES256):
		return aes.NewCipher, 32, nil
	case oid.Equal(oidDES3):
		return des.NewTripleDESCipher, 24, nil
	}
	return nil, 0, fmt.Errorf("unsupported cipher %v", oid)
}

// parameters reads those of an algorithm.
func parameters(a pkix.AlgorithmIdentifier, into any) error {
	if rest, err := asn1.Unmarshal(a.Parameters.FullBytes, into); err != nil || len(rest) != 0 {
		return fmt.Errorf("malformed parameters of %v", a.Algorithm)
	}
	return nil
}

var errPassphrase = errors.New("wrong passphrase")

func decryptCBC(block cipher.Block, iv, data []byte) ([]byte, error) {
	size := block.BlockSize()
	if len(iv) != size || len(data) == 0 || len(data)%size != 0 {
		return nil, errors.New("malformed encrypted key")
	}
	plain := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, data)
	// The padding is n bytes of the value n.
	padding := int(plain[len(plain)-1])
	if padding == 0 || padding > size {
		return nil, errPassphrase
	}
	for _, b := range plain[len(plain)-padding:] {
		if int(b) != padding {
			return nil, errPassphrase
		}
	}
	return plain[:len(plain)-padding], nil
}
