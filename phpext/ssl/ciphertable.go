package ssl

import "crypto/tls"

// suite is one cipher suite of crypto/tls as OpenSSL describes it.
type suite struct {
	id      uint16
	name    string // OpenSSL's
	iana    string
	version string // that OpenSSL says it came with
	kx      string // "kECDHE" or "kRSA"
	auth    string // "aRSA" or "aECDSA"
	cipher  string // "AES", "AESGCM", "CHACHA20", "3DES" or "RC4"
	mac     string // "SHA1", "SHA256", "SHA384" or "AEAD"
	bits    int
}

// weak reports whether a stock OpenSSL is built without the suite. Only its own name
// or that of its cipher selects it.
func (s *suite) weak() bool { return s.cipher == "3DES" || s.cipher == "RC4" }

// is reports whether a word of OpenSSL's cipher lists, such as "aRSA", stands for s.
func (s *suite) is(word string) bool {
	switch word {
	case s.name, s.iana, s.kx, s.auth, s.cipher, s.mac:
		return true
	case "ALL":
		return true
	case "COMPLEMENTOFDEFAULT":
		return s.weak()
	case "HIGH":
		return !s.weak()
	case "MEDIUM":
		return s.weak()
	case "kEECDH", "ECDH", "EECDH", "ECDHE":
		return s.kx == "kECDHE"
	case "RSA":
		return s.kx == "kRSA"
	case "ECDSA":
		return s.auth == "aECDSA"
	case "AES":
		return s.cipher == "AESGCM"
	case "AES128":
		return s.isAES() && s.bits == 128
	case "AES256":
		return s.isAES() && s.bits == 256
	case "CBC":
		return s.cipher == "AES" || s.cipher == "3DES"
	case "SHA":
		return s.mac == "SHA1"
	case "SSLv3":
		return s.version == "SSLv3"
	case "TLSv1", "TLSv1.0":
		return s.version == "TLSv1.0"
	case "TLSv1.2":
		return s.version == "TLSv1.2"
	}
	return false
}

func (s *suite) isAES() bool { return s.cipher == "AES" || s.cipher == "AESGCM" }

// suites returns the suites of crypto/tls up to TLS 1.2 in the order that OpenSSL's
// list ALL has.
func suites() []*suite {
	const (
		ssl3, tls10, tls12 = "SSLv3", "TLSv1.0", "TLSv1.2"
		ecdhe, rsa         = "kECDHE", "kRSA"
		byECDSA, byRSA     = "aECDSA", "aRSA"
	)
	return []*suite{
		{tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, "ECDHE-ECDSA-AES256-GCM-SHA384",
			"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", tls12, ecdhe, byECDSA, "AESGCM", "AEAD", 256},
		{tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "ECDHE-RSA-AES256-GCM-SHA384",
			"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", tls12, ecdhe, byRSA, "AESGCM", "AEAD", 256},
		{tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-ECDSA-CHACHA20-POLY1305",
			"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", tls12, ecdhe, byECDSA, "CHACHA20", "AEAD", 256},
		{tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-RSA-CHACHA20-POLY1305",
			"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", tls12, ecdhe, byRSA, "CHACHA20", "AEAD", 256},
		{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "ECDHE-ECDSA-AES128-GCM-SHA256",
			"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", tls12, ecdhe, byECDSA, "AESGCM", "AEAD", 128},
		{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "ECDHE-RSA-AES128-GCM-SHA256",
			"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", tls12, ecdhe, byRSA, "AESGCM", "AEAD", 128},
		{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, "ECDHE-ECDSA-AES128-SHA256",
			"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", tls12, ecdhe, byECDSA, "AES", "SHA256", 128},
		{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256, "ECDHE-RSA-AES128-SHA256",
			"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", tls12, ecdhe, byRSA, "AES", "SHA256", 128},
		{tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, "ECDHE-ECDSA-AES256-SHA",
			"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", tls10, ecdhe, byECDSA, "AES", "SHA1", 256},
		{tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, "ECDHE-RSA-AES256-SHA",
			"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", tls10, ecdhe, byRSA, "AES", "SHA1", 256},
		{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, "ECDHE-ECDSA-AES128-SHA",
			"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", tls10, ecdhe, byECDSA, "AES", "SHA1", 128},
		{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, "ECDHE-RSA-AES128-SHA",
			"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", tls10, ecdhe, byRSA, "AES", "SHA1", 128},
		{tls.TLS_RSA_WITH_AES_256_GCM_SHA384, "AES256-GCM-SHA384",
			"TLS_RSA_WITH_AES_256_GCM_SHA384", tls12, rsa, byRSA, "AESGCM", "AEAD", 256},
		{tls.TLS_RSA_WITH_AES_128_GCM_SHA256, "AES128-GCM-SHA256",
			"TLS_RSA_WITH_AES_128_GCM_SHA256", tls12, rsa, byRSA, "AESGCM", "AEAD", 128},
		{tls.TLS_RSA_WITH_AES_128_CBC_SHA256, "AES128-SHA256",
			"TLS_RSA_WITH_AES_128_CBC_SHA256", tls12, rsa, byRSA, "AES", "SHA256", 128},
		{tls.TLS_RSA_WITH_AES_256_CBC_SHA, "AES256-SHA",
			"TLS_RSA_WITH_AES_256_CBC_SHA", ssl3, rsa, byRSA, "AES", "SHA1", 256},
		{tls.TLS_RSA_WITH_AES_128_CBC_SHA, "AES128-SHA",
			"TLS_RSA_WITH_AES_128_CBC_SHA", ssl3, rsa, byRSA, "AES", "SHA1", 128},
		{tls.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA, "ECDHE-RSA-DES-CBC3-SHA",
			"TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", tls10, ecdhe, byRSA, "3DES", "SHA1", 112},
		{tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA, "DES-CBC3-SHA",
			"TLS_RSA_WITH_3DES_EDE_CBC_SHA", ssl3, rsa, byRSA, "3DES", "SHA1", 112},
		{tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA, "ECDHE-ECDSA-RC4-SHA",
			"TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", tls10, ecdhe, byECDSA, "RC4", "SHA1", 128},
		{tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA, "ECDHE-RSA-RC4-SHA",
			"TLS_ECDHE_RSA_WITH_RC4_128_SHA", tls10, ecdhe, byRSA, "RC4", "SHA1", 128},
		{tls.TLS_RSA_WITH_RC4_128_SHA, "RC4-SHA",
			"TLS_RSA_WITH_RC4_128_SHA", ssl3, rsa, byRSA, "RC4", "SHA1", 128},
	}
}

// SuiteInfo returns what OpenSSL calls a cipher suite, the bits of its key and the
// version of TLS that OpenSSL says it came with. The name of a suite that OpenSSL has
// not is that of crypto/tls.
func SuiteInfo(id uint16) (name string, bits int, version string) {
	switch id {
	case tls.TLS_AES_128_GCM_SHA256:
		return "TLS_AES_128_GCM_SHA256", 128, "TLSv1.3"
	case tls.TLS_AES_256_GCM_SHA384:
		return "TLS_AES_256_GCM_SHA384", 256, "TLSv1.3"
	case tls.TLS_CHACHA20_POLY1305_SHA256:
		return "TLS_CHACHA20_POLY1305_SHA256", 256, "TLSv1.3"
	}
	for _, s := range suites() {
		if s.id == id {
			return s.name, s.bits, s.version
		}
	}
	return tls.CipherSuiteName(id), 0, "unknown"
}
