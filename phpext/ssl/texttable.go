package ssl

type side uint8

const (
	both side = iota
	ofServer
	ofClient
)

// textWord is what OpenSSL says in the place of an error of crypto/tls that begins with
// text.
type textWord struct {
	text   string
	side   side
	code   uint32
	reason string
}

// textWords covers the errors of handshake_*.go, key_agreement.go, auth.go, common.go and
// conn.go in crypto/tls, without those of QUIC, ECH and FIPS and without faults of the
// caller's configuration, which are internal errors.
func textWords() []textWord {
	return []textWord{
		// Versions and cipher suites.
		{"tls: no supported versions satisfy", both, 0x0A0000BF, "no protocols available"},
		{"tls: server selected unsupported protocol version", both, 0x0A000102, "unsupported protocol"},
		{"tls: client offered only unsupported versions", both, 0x0A000102, "unsupported protocol"},
		{"tls: client used the legacy version field", both, 0x0A000102, "unsupported protocol"},
		{"tls: server selected TLS 1.3 using the legacy", both, 0x0A000124, "bad legacy version"},
		{"tls: server sent an incorrect legacy version", both, 0x0A000124, "bad legacy version"},
		{"tls: server selected an invalid version after", both, 0x0A000107, "bad hrr version"},
		{"tls: client offered TLS version older than", both, 0x0A000107, "bad hrr version"},
		{"tls: downgrade attempt detected", both, 0x0A000175, "inappropriate fallback"},
		{"tls: client using inappropriate protocol fallback", both, 0x0A000175, "inappropriate fallback"},
		{"tls: server chose an unconfigured cipher suite", both, 0x0A000105, "wrong cipher returned"},
		{"tls: server changed cipher suite after", both, 0x0A000105, "wrong cipher returned"},
		{"tls: no cipher suite supported by both", both, noSharedCipher, "no shared cipher"},
		{"tls: no certificates configured", both, noSharedCipher, "no shared cipher"},
		{"tls: client offered only incompatible point formats", both, noSharedCipher, "no shared cipher"},
		{"tls: no supported elliptic curves offered", both, noSharedCipher, "no shared cipher"},
		{"tls: certificate cannot be used with the selected", both, noSharedCipher, "no shared cipher"},
		{"tls: unsupported certificate", ofServer, noSharedCipher, "no shared cipher"},
		// Keys.
		{"tls: no supported elliptic curves for ECDHE", both, 0x0A000127, "no suitable groups"},
		{"tls: no key exchanges supported by both", both, 0x0A000065, "no suitable key share"},
		{"tls: server did not send a key share", both, 0x0A000065, "no suitable key share"},
		{"tls: server selected unsupported group", both, 0x0A00006C, "bad key share"},
		{"tls: server sent an unnecessary HelloRetryRequest key_share", both, 0x0A00006C, "bad key share"},
		{"tls: client didn't send one key share in second", both, 0x0A00006C, "bad key share"},
		{"tls: client sent unexpected key share in second", both, 0x0A00006C, "bad key share"},
		{"tls: server sent an unnecessary HelloRetryRequest message", both, 0x0A0000D6, "no change following hrr"},
		{"tls: invalid server key share", both, 0x0A000132, "bad ecpoint"},
		{"tls: invalid client key share", both, 0x0A000132, "bad ecpoint"},
		{"tls: server selected unsupported curve", both, 0x0A00017A, "wrong curve"},
		{"tls: server selected unoffered curve", both, 0x0A00017A, "wrong curve"},
		{"tls: server offered only incompatible point formats", both, 0x0A00009D, "tls invalid ecpointformat list"},
		{"tls: invalid ServerKeyExchange message", both, 0x0A00009F, "length mismatch"},
		{"tls: invalid ClientKeyExchange message", both, 0x0A00009F, "length mismatch"},
		{"tls: received malformed key_share extension", both, 0x0A00009F, "length mismatch"},
		{"tls: malformed key_share extension", both, 0x0A00009F, "length mismatch"},
		// Certificates and signatures.
		{"tls: failed to parse certificate from server", both, 0x0A08000D, "ASN1 lib"},
		{"tls: failed to parse client certificate", both, 0x0A08000D, "ASN1 lib"},
		{"tls: received empty certificates message", both, 0x0A00009F, "length mismatch"},
		{"tls: client didn't provide a certificate", both, 0x0A0000C7, "peer did not return a certificate"},
		{"tls: server certificate contains incorrect key type", both, 0x0A00017F, "wrong certificate type"},
		{"tls: server's certificate contains an unsupported", both, 0x0A0000F7, "unknown certificate type"},
		{"tls: client certificate contains an unsupported", both, 0x0A0000F7, "unknown certificate type"},
		{"tls: peer doesn't support any of the certificate's", both, 0x0A000076, "no suitable signature algorithm"},
		{"tls: peer doesn't support the certificate custom", both, 0x0A000076, "no suitable signature algorithm"},
		{"tls: missing signature_algorithms", both, 0x0A000076, "no suitable signature algorithm"},
		{"tls: certificate RSA key size too small for", both, 0x0A000076, "no suitable signature algorithm"},
		{"tls: certificate used with invalid signature", both, 0x0A000172, "wrong signature type"},
		{"tls: client certificate used with invalid signature", both, 0x0A000172, "wrong signature type"},
		{"unsupported signature algorithm", both, 0x0A000172, "wrong signature type"},
		{"tls: invalid signature by the", both, 0x0A00007B, "bad signature"},
		{"tls: server's Finished message was incorrect", both, 0x0A000095, "digest check failed"},
		{"tls: client's Finished message is incorrect", both, 0x0A000095, "digest check failed"},
		{"tls: invalid server finished hash", both, 0x0A000095, "digest check failed"},
		{"tls: invalid client finished hash", both, 0x0A000095, "digest check failed"},
		// Messages that are not expected.
		{"tls: received unexpected handshake message", both, 0x0A0000F4, "unexpected message"},
		{"tls: received unexpected CertificateStatus", both, 0x0A0000F4, "unexpected message"},
		{"tls: unexpected ServerKeyExchange", both, 0x0A0000F4, "unexpected message"},
		{"tls: missing ServerKeyExchange message", both, 0x0A0000F4, "unexpected message"},
		{"tls: server sent two HelloRetryRequest", both, 0x0A0000F4, "unexpected message"},
		{"tls: server sent unrequested session ticket", both, 0x0A0000F4, "unexpected message"},
		{"tls: received new session ticket from a client", both, 0x0A0000F4, "unexpected message"},
		{"tls: client sent unexpected early data", both, 0x0A0000F4, "unexpected message"},
		{"tls: handshake message of length", both, 0x0A000098, "excessive message size"},
		{"tls: too many ignored records", both, 0x0A000199, "too many warn alerts"},
		{"tls: too many non-advancing records", both, 0x0A000084, "too many key updates"},
		// Extensions.
		{"tls: initial handshake had non-empty renegotiation", both, 0x0A000151, "renegotiation mismatch"},
		{"tls: incorrect renegotiation extension contents", both, 0x0A000151, "renegotiation mismatch"},
		{"tls: server advertised unrequested ALPN", both, 0x0A0000D9, "unsolicited extension"},
		{"tls: server sent a ServerHello extension forbidden", both, 0x0A0000D9, "unsolicited extension"},
		{"tls: server sent an unexpected early_data", both, 0x0A0000D9, "unsolicited extension"},
		{"tls: unexpected server_name extension", both, 0x0A0000D9, "unsolicited extension"},
		{"tls: server selected unadvertised ALPN protocol", both, 0x0A00006E, "bad extension"},
		{"tls: server sent a cookie in a normal ServerHello", both, 0x0A00006E, "bad extension"},
		{"tls: early_data without pre_shared_key", both, 0x0A00006E, "bad extension"},
		{"tls: client indicated early data in second", both, 0x0A00006E, "bad extension"},
		{"tls: client illegally modified second ClientHello", both, 0x0A00006E, "bad extension"},
		{"tls: client requested unsupported application", both, 0x0A0000EB, "no application protocol"},
		{"tls: client did not request an application", both, 0x0A0000EB, "no application protocol"},
		// Compression.
		{"tls: server selected unsupported compression", both, 0x0A000157, "compression disabled"},
		{"tls: server sent non-zero legacy TLS compression", both, 0x0A000155, "invalid compression algorithm"},
		{"tls: TLS 1.3 client supports illegal compression", both, 0x0A000155, "invalid compression algorithm"},
		{"tls: client does not support uncompressed", both, 0x0A0000BB, "no compression specified"},
		// Sessions.
		{"tls: server did not echo the legacy session ID", both, 0x0A0003E7, "invalid session id"},
		{"tls: server echoed TLS 1.3 compatibility session", both, 0x0A0003E7, "invalid session id"},
		{"tls: server resumed a session with a different version", both, 0x0A0000D2, "ssl session version mismatch"},
		{"tls: server resumed a session with a different cipher", both, 0x0A0000C5, "old session cipher not returned"},
		{"tls: server resumed a session with a different EMS", both, 0x0A000068, "inconsistent extms"},
		{"tls: session supported extended_master_secret", both, 0x0A000068, "inconsistent extms"},
		{"tls: server selected an invalid PSK and cipher", both, 0x0A0000DA, "ciphersuite digest has changed"},
		{"tls: server selected an invalid PSK", both, 0x0A0000D9, "unsolicited extension"},
		{"tls: invalid or missing PSK binders", both, 0x0A00009F, "length mismatch"},
		{"tls: invalid PSK binder", both, 0x0A0000FD, "binder does not verify"},
		{"tls: received a session ticket with empty", both, 0x0A00009F, "length mismatch"},
		{"tls: received a session ticket with invalid", both, 0x0A00009F, "length mismatch"},
	}
}
