package ssl_test

import (
	"crypto/x509/pkix"
	"encoding/asn1"
)

// The structures of PKCS#8, to make files that no program would.

func algorithm(oid asn1.ObjectIdentifier, parameters any) pkix.AlgorithmIdentifier {
	der, err := asn1.Marshal(parameters)
	if err != nil {
		panic(err)
	}
	return pkix.AlgorithmIdentifier{Algorithm: oid, Parameters: asn1.RawValue{FullBytes: der}}
}

func pbkdf2Of(iterations int, digest asn1.ObjectIdentifier) pkix.AlgorithmIdentifier {
	if digest == nil {
		digest = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}
	}
	return algorithm(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}, struct {
		Salt       []byte
		Iterations int
		Digest     pkix.AlgorithmIdentifier
	}{[]byte("saltsalt"), iterations, pkix.AlgorithmIdentifier{Algorithm: digest}})
}

func scryptOf(n, r, p int) pkix.AlgorithmIdentifier {
	return algorithm(asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}, struct {
		Salt    []byte
		N, R, P int
	}{[]byte("saltsalt"), n, r, p})
}

func encryptedKey(derivation pkix.AlgorithmIdentifier) []byte {
	cipher := algorithm(asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}, make([]byte, 16))
	der, err := asn1.Marshal(struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}{
		algorithm(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, struct{ Derivation, Cipher pkix.AlgorithmIdentifier }{derivation, cipher}),
		make([]byte, 64),
	})
	if err != nil {
		panic(err)
	}
	return block("ENCRYPTED PRIVATE KEY", der)
}

func criticalExtension() pkix.Extension {
	return pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}
}
