package ssl

import (
	"crypto/tls"

	"github.com/phpsock/phpsock/phpext"
)

// MetaData returns what stream_get_meta_data() says under "crypto" of a connection
// whose handshake is done.
func MetaData(s tls.ConnectionState) *phpext.Array {
	name, bits, version := SuiteInfo(s.CipherSuite)
	data := phpext.NewArray()
	data.Set(phpext.StringKey("protocol"), phpext.String(protocolOf(s.Version)))
	data.Set(phpext.StringKey("cipher_name"), phpext.String(name))
	data.Set(phpext.StringKey("cipher_bits"), phpext.Int(int64(bits)))
	data.Set(phpext.StringKey("cipher_version"), phpext.String(version))
	if s.NegotiatedProtocol != "" {
		data.Set(phpext.StringKey("alpn_protocol"), phpext.String(s.NegotiatedProtocol))
	}
	return data
}

func protocolOf(version uint16) string {
	switch version {
	case tls.VersionTLS10:
		return "TLSv1"
	case tls.VersionTLS11:
		return "TLSv1.1"
	case tls.VersionTLS12:
		return "TLSv1.2"
	case tls.VersionTLS13:
		return "TLSv1.3"
	}
	return "UNKNOWN"
}
