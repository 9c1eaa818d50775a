package ssl_test

import (
	"crypto/tls"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext/ssl"
)

func TestVersions(t *testing.T) {
	const (
		v10, v11, v12, v13 = tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12, tls.VersionTLS13
		all                = 121 // STREAM_CRYPTO_METHOD_TLS_CLIENT
	)
	tests := []struct {
		name             string
		method, min, max int64
		first, last      uint16
	}{
		{"any", all, 0, 0, v10, v13},
		{"any of a server", all &^ ssl.MethodClient, 0, 0, v10, v13},
		{"with SSLv2 and SSLv3", 127, 0, 0, v10, v13},
		{"one", ssl.MethodTLSv12 | ssl.MethodClient, 0, 0, v12, v12},
		{"a hole", ssl.MethodTLSv10 | ssl.MethodTLSv13, 0, 0, v10, v13},
		{"none", ssl.MethodClient, 0, 0, v13, v13},
		{"SSLv3 alone", ssl.MethodSSLv3, 0, 0, v13, v13},
		{"min", all, ssl.MethodTLSv12, 0, v12, v13},
		{"max", all, 0, ssl.MethodTLSv11, v10, v11},
		{"both", all, ssl.MethodTLSv11, ssl.MethodTLSv12, v11, v12},
		{"min beside the method", ssl.MethodTLSv10, ssl.MethodTLSv12, 0, v13, v13},
		{"max above the method", ssl.MethodTLSv11, 0, ssl.MethodTLSv13, v11, v13},
		{"min above max", all, ssl.MethodTLSv13, ssl.MethodTLSv12, v13, v13},
		{"SSLv3 as min", all, ssl.MethodSSLv3, 0, v10, v13},
		{"no bit as min", all, 33, 0, v13, v13},
		{"negative min", all, -1, 0, v10, v13},
		{"negative max", all, 0, -1, v13, v13},
		{"beyond an int of C", all, 1 << 32, 1<<32 + 32, v10, v12},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			first, last := ssl.Versions(tt.method, tt.min, tt.max)
			require.Equal(t, tls.VersionName(tt.first), tls.VersionName(first))
			require.Equal(t, tls.VersionName(tt.last), tls.VersionName(last))
		})
	}
}
