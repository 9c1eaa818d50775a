package ssl

import "github.com/phpsock/phpsock/phpext"

// Unsupported returns a warning for each of the ssl options whose value crypto/tls cannot
// follow. A script goes on in spite of it. Nothing is said of values that change nothing:
//
//   - dh_param: warned of in servers, and a file without parameters is refused. crypto/tls has no
//     finite-field Diffie-Hellman.
//   - honor_cipher_order: false is warned of in servers. crypto/tls picks the suite by an
//     order of its own, which is neither the client's nor that of the option ciphers.
//   - security_level: 4 and 5 are warned of. All else of them holds, but the suites of
//     TLS 1.3 cannot be chosen.
//   - rsa_key_size: PHP's own warning, in servers.
//   - single_dh_use: no effect either way. Keys of ECDHE are new for each connection.
//   - disable_compression: false has no effect. OpenSSL is built without compression
//     nowadays, and forbids it from security level 2 on.
//   - reneg_limit, reneg_window, reneg_limit_callback: no effect. crypto/tls lets no
//     client renegotiate, and neither does OpenSSL 3.
//   - ecdh_curve, single_ecdh_use, SNI_server_name, CN_match, capture_session_meta: PHP 8.2
//     with OpenSSL 3 does not look at them.
//   - SSLv2 and SSLv3 in crypto_method, min_proto_version and max_proto_version: the
//     OpenSSL of Debian has neither.
//   - ciphers, where all that is selected is unknown to crypto/tls: [CipherSuites] says so.
//   - peer_fingerprint with a digest that Go has not: [MatchFingerprint] says so.
//
// The remaining options are followed.
func Unsupported(options *phpext.Array, server bool) []string {
	var warnings []string
	if _, ok := options.GetText("rsa_key_size"); ok && server {
		warnings = append(warnings, "rsa_key_size context option has been removed")
	}
	if _, ok := options.GetText("dh_param"); ok && server {
		warnings = append(warnings, "ssl option dh_param is not supported by crypto/tls: "+
			"it has no key exchange with Diffie-Hellman parameters, elliptic curves are used")
	}
	if honor, ok := options.GetText("honor_cipher_order"); ok && server && !honor.Truthy() {
		warnings = append(warnings, "ssl option honor_cipher_order cannot be false with crypto/tls: "+
			"it picks the cipher suite by its own order, not by the client's")
	}
	if level, ok := options.GetText("security_level"); ok && int32(level.ToInt()) >= 4 {
		warnings = append(warnings, "ssl option security_level is not met by crypto/tls with TLS 1.3 above 3: "+
			"it may pick TLS_AES_128_GCM_SHA256")
	}
	return warnings
}
