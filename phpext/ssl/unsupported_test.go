package ssl_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/phpext/ssl"
)

func TestUnsupported(t *testing.T) {
	tests := []struct {
		name           string
		options        phpext.Value
		client, server string // how the warnings begin
	}{
		{"none", pairs(), "", ""},
		{"what is followed", pairs("verify_peer", true, "local_cert", "a.pem", "ciphers", "HIGH", "security_level", 3), "", ""},
		{"what changes nothing", pairs("single_dh_use", true, "disable_compression", false, "reneg_limit", 5, "reneg_window", 1,
			"ecdh_curve", "prime256v1", "SNI_server_name", "x", "CN_match", "x", "honor_cipher_order", true), "", ""},
		{"dh_param", pairs("dh_param", "dh.pem"), "", "ssl option dh_param is not"},
		{"honor_cipher_order", pairs("honor_cipher_order", false), "", "ssl option honor_cipher_order cannot"},
		{"security_level", pairs("security_level", "4"), "ssl option security_level is not", "ssl option security_level is not"},
		{"rsa_key_size", pairs("rsa_key_size", 2048), "", "rsa_key_size context option has been removed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for server, want := range map[bool]string{false: tt.client, true: tt.server} {
				got := ssl.Unsupported(tt.options.Array(), server)
				if want == "" {
					require.Empty(t, got)
					continue
				}
				require.Len(t, got, 1)
				require.True(t, strings.HasPrefix(got[0], want), got[0])
			}
		})
	}
	require.Empty(t, ssl.Unsupported(nil, true))
	require.Len(t, ssl.Unsupported(pairs("dh_param", nil, "honor_cipher_order", 0, "rsa_key_size", 1).Array(), true), 3)
}
