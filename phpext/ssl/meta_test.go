package ssl_test

import (
	"crypto/tls"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext/ssl"
)

func TestMetaData(t *testing.T) {
	tests := []struct {
		state tls.ConnectionState
		want  string
	}{
		{tls.ConnectionState{Version: tls.VersionTLS13, CipherSuite: tls.TLS_AES_256_GCM_SHA384},
			`["protocol" => "TLSv1.3", "cipher_name" => "TLS_AES_256_GCM_SHA384", "cipher_bits" => 256, "cipher_version" => "TLSv1.3"]`},
		{tls.ConnectionState{Version: tls.VersionTLS12, CipherSuite: tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, NegotiatedProtocol: "h2"},
			`["protocol" => "TLSv1.2", "cipher_name" => "ECDHE-RSA-AES128-GCM-SHA256", "cipher_bits" => 128, "cipher_version" => "TLSv1.2", "alpn_protocol" => "h2"]`},
		{tls.ConnectionState{Version: tls.VersionTLS11, CipherSuite: tls.TLS_RSA_WITH_AES_128_CBC_SHA},
			`["protocol" => "TLSv1.1", "cipher_name" => "AES128-SHA", "cipher_bits" => 128, "cipher_version" => "SSLv3"]`},
		{tls.ConnectionState{Version: tls.VersionTLS10, CipherSuite: tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA},
			`["protocol" => "TLSv1", "cipher_name" => "ECDHE-ECDSA-AES256-SHA", "cipher_bits" => 256, "cipher_version" => "TLSv1.0"]`},
		{tls.ConnectionState{},
			`["protocol" => "UNKNOWN", "cipher_name" => "0x0000", "cipher_bits" => 0, "cipher_version" => "unknown"]`},
	}
	for _, tt := range tests {
		require.Equal(t, tt.want, ssl.MetaData(tt.state).String())
	}
}
