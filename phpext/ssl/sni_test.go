package ssl_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/phpext/ssl"
)

func TestParseSNI(t *testing.T) {
	one := ssl.SNIEntry{Pattern: "a.org", Certificate: "a.pem", Key: "a.pem"}
	two := ssl.SNIEntry{Pattern: "*.b.org", Certificate: "b.pem", Key: "b.key", Pair: true}
	pair := pairs("local_cert", "b.pem", "local_pk", "b.key")
	tests := []struct {
		name    string
		table   phpext.Value
		want    []ssl.SNIEntry
		warning string
	}{
		{"string", phpext.String("a.pem"), nil, "SNI_server_certs requires an array mapping host names to cert paths"},
		{"null", phpext.Null(), nil, "SNI_server_certs requires an array mapping host names to cert paths"},
		{"empty", pairs(), nil, "SNI_server_certs host cert array must not be empty"},
		{"path", pairs("a.org", "a.pem"), []ssl.SNIEntry{one}, ""},
		{"path and pair", pairs("a.org", "a.pem", "*.b.org", pair), []ssl.SNIEntry{one, two}, ""},
		{"list", pairs(0, "a.pem"), nil, "SNI_server_certs array requires string host name keys"},
		{"list at the end", pairs("a.org", "a.pem", 7, "a.pem", "b.org", "b.pem"), []ssl.SNIEntry{one},
			"SNI_server_certs array requires string host name keys"},
		{"a number as a name", pairs("127", "a.pem"), nil, "SNI_server_certs array requires string host name keys"},
		{"no certificate", pairs("a.org", "a.pem", "b.org", pairs("local_pk", "b.key")), []ssl.SNIEntry{one},
			"local_cert not present in the array"},
		{"no key", pairs("a.org", "a.pem", "b.org", pairs("local_cert", "b.pem")),
			[]ssl.SNIEntry{one, {Pattern: "b.org", Certificate: "b.pem", Pair: true}}, "local_pk not present in the array"},
		{"int", pairs("a.org", 7), []ssl.SNIEntry{{Pattern: "a.org", Certificate: "7", Key: "7"}}, ""},
		{"NUL", pairs("a.org\x00x", "a.pem"), []ssl.SNIEntry{one}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, warning := ssl.ParseSNI(tt.table)
			require.Equal(t, tt.want, got)
			require.Equal(t, tt.warning, warning)
		})
	}
}

func TestSelect(t *testing.T) {
	entries := []ssl.SNIEntry{{Pattern: "a.org"}, {Pattern: "*.b.org"}, {Pattern: "www.b.org"}, {Pattern: "*"}}
	for name, want := range map[string]int{
		"a.org": 0, "A.ORG": 0, "www.b.org": 1, "b.org": -1, "x.y.b.org": -1, "localhost": 3, "": -1, "c.org": -1,
	} {
		require.Equal(t, want, ssl.Select(entries, name), name)
	}
	require.Equal(t, -1, ssl.Select(nil, "a.org"))
}

func TestSNIWords(t *testing.T) {
	path := ssl.SNIEntry{Certificate: "a.pem", Key: "a.pem"}
	pair := ssl.SNIEntry{Certificate: "b.pem", Key: "b.key", Pair: true}
	require.Equal(t, "Failed setting local cert chain file `a.pem'; file not found", path.NoCertificateFile())
	require.Equal(t, "Failed setting local cert chain file `b.pem'; could not open file", pair.NoCertificateFile())
	require.Equal(t, "Failed setting local private key file `b.key';  could not open file", pair.NoKeyFile())
	require.Equal(t, "Failed setting local cert chain file `/b.pem'; check that your cafile/capath settings include details "+
		"of your certificate and its issuer", pair.UnusableCertificate("/b.pem"))
	require.Equal(t, "Failed setting private key from file `/b.key'", pair.UnusableKey("/b.key"))
}
