package ssl_test

import (
	"crypto/tls"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext/ssl"
)

// namesOf gives the suites as OpenSSL writes a list.
func namesOf(ids []uint16) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i], _, _ = ssl.SuiteInfo(id)
	}
	return strings.Join(names, ":")
}

const (
	gcm     = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"
	chacha  = "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
	rsaOnly = "AES256-GCM-SHA384:AES128-GCM-SHA256:AES128-SHA256:AES256-SHA:AES128-SHA"
)

var cipherLists = []struct {
	list, want string
	level      int
}{
	{"", "", -1},
	{":", "", -1},
	{"FOO", "", -1},
	{"AES128-SHA", "AES128-SHA", -1},
	{"aes128-sha", "", -1},
	{"AES128-SHA:AES256-SHA", "AES128-SHA:AES256-SHA", -1},
	{"AES128-SHA ,AES256-SHA;AES128-SHA256", "AES128-SHA:AES256-SHA:AES128-SHA256", -1},
	{"FOO:AES128-SHA", "AES128-SHA", -1},
	{"AES128-SHA\x00:AES256-SHA", "AES128-SHA", -1},
	{"TLS_AES_128_GCM_SHA256", "", -1},
	{"!AES128-SHA", "", -1},
	{"+AES128-SHA", "", -1},
	{"kRSA+AES:!AES256", "AES128-GCM-SHA256:AES128-SHA256:AES128-SHA", -1},
	{"kRSA+AES:-AES256:AES256+kRSA", "AES128-GCM-SHA256:AES128-SHA256:AES128-SHA:AES256-GCM-SHA384:AES256-SHA", -1},
	{"kRSA+AES:!AES256:AES256", "AES128-GCM-SHA256:AES128-SHA256:AES128-SHA", -1},
	{"kRSA+AES:+AESGCM", "AES128-SHA256:AES256-SHA:AES128-SHA:AES256-GCM-SHA384:AES128-GCM-SHA256", -1},
	{"AES128-SHA:AES256-SHA:@STRENGTH", "AES256-SHA:AES128-SHA", -1},
	{"AES128-SHA@STRENGTH", "AES128-SHA", -1},
	{"AES128-SHA!AES128-SHA:AES256-SHA", "AES256-SHA", -1},
	{"AES128-SHA:@SECLEVEL=0", "AES128-SHA", 0},
	{"AES128-SHA@SECLEVEL=5", "AES128-SHA", 5},
	{"AES128-SHA:@SECLEVEL=7", "", -1},
	{"AES128-SHA:@SECLEVEL=12", "", -1},
	{"AES128-SHA:@FOO", "", -1},
	{"@STRENGTH", "", -1},
	{"AES128-SHA+", "", -1},
	{"AES128-SHA:!", "", -1},
	{"AES128-SHA*:AES256-SHA", "", -1},
	{"AES128-SHA:FOO*BAR:AES256-SHA", "AES128-SHA:AES256-SHA", -1},
	{"kRSA", rsaOnly, -1},
	{"RSA", rsaOnly, -1},
	{"ECDHE+AESGCM", gcm, -1},
	{"kEECDH+AESGCM", gcm, -1},
	{"EECDH+AESGCM:!aRSA", "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256", -1},
	{"CHACHA20", chacha, -1},
	{"kRSA+SHA256", "AES128-SHA256", -1},
	{"kRSA+TLSv1.2", "AES256-GCM-SHA384:AES128-GCM-SHA256:AES128-SHA256", -1},
	{"SSLv3+AES", "AES256-SHA:AES128-SHA", -1},
	{"TLSv1.0+AES+aRSA", "ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA", -1},
	{"kRSA+CBC+AES256", "AES256-SHA", -1},
	{"aNULL", "", -1}, {"eNULL", "", -1}, {"PSK", "", -1}, {"MD5", "", -1}, {"LOW", "", -1},
	{"COMPLEMENTOFDEFAULT", "", -1}, {"COMPLEMENTOFALL", "", -1},
	{"MEDIUM", "", -1},
	{"SUITEB128ONLY", "ECDHE-ECDSA-AES128-GCM-SHA256", -1},
	{"SUITEB128", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384", -1},
	{"SUITEB192", "ECDHE-ECDSA-AES256-GCM-SHA384", -1},
	{"DEFAULT:!ECDHE", rsaOnly, -1},
	{"DEFAULTAES:!ECDHE", rsaOnly, -1},
	{"ALL:!DEFAULT:!ECDHE", rsaOnly, -1},
	{"kEDH+AESGCM:AES128-SHA", "AES128-SHA", -1},
	{"ECDSA+CHACHA20", "ECDHE-ECDSA-CHACHA20-POLY1305", -1},
}

func TestCipherSuites(t *testing.T) {
	for _, tt := range cipherLists {
		t.Run(tt.list, func(t *testing.T) {
			ids, level, ok := ssl.CipherSuites(tt.list)
			require.Equal(t, tt.want, namesOf(ids))
			require.Equal(t, tt.level, level)
			require.Equal(t, tt.want != "", ok)
		})
	}
}

// The same lists have to select the same of what both have.
func TestCipherSuitesLikeOpenSSL(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("no openssl command")
	}
	ours, _, _ := ssl.CipherSuites("ALL")
	known := strings.Split(namesOf(ours), ":")
	more := []string{"ALL", "HIGH", "DEFAULT", ssl.DefaultCiphers, "AES", "AES128", "AES256", "SHA1", "SHA", "SHA384",
		"aECDSA", "aRSA", "TLSv1", "ALL:@STRENGTH", "HIGH:-ECDHE:+AES", "HIGH:!kRSA", "AESGCM:-ECDHE:ECDHE"}
	for _, tt := range cipherLists {
		more = append(more, tt.list)
	}
	for _, list := range more {
		if strings.Contains(list, "\x00") || strings.Contains(list, "=5") {
			continue // no argument of a command; the command applies the level
		}
		t.Run(list, func(t *testing.T) {
			out, _ := exec.Command("openssl", "ciphers", "-s", "-tls1_2", list).Output()
			want := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(out)), ":"), func(name string) bool {
				return !slices.Contains(known, name)
			})
			ids, _, _ := ssl.CipherSuites(list)
			require.Equal(t, strings.Join(want, ":"), namesOf(ids))
		})
	}
}

func TestWeakCipherSuites(t *testing.T) {
	for list, want := range map[string]string{
		"RC4":                          "ECDHE-ECDSA-RC4-SHA:ECDHE-RSA-RC4-SHA:RC4-SHA",
		"3DES":                         "ECDHE-RSA-DES-CBC3-SHA:DES-CBC3-SHA",
		"kRSA+3DES":                    "DES-CBC3-SHA",
		"RC4-SHA:!kRSA":                "",
		"ECDHE-RSA-RC4-SHA":            "ECDHE-RSA-RC4-SHA",
		"3DES:RC4:!MEDIUM":             "",
		"ALL:!AES:!CHACHA20":           "",
		"COMPLEMENTOFDEFAULT":          "",
		"TLS_RSA_WITH_RC4_128_SHA":     "RC4-SHA",
		"TLS_RSA_WITH_AES_128_CBC_SHA": "AES128-SHA",
	} {
		ids, _, _ := ssl.CipherSuites(list)
		require.Equal(t, want, namesOf(ids), list)
	}
}

// Every suite of crypto/tls can be selected and has a name.
func TestSuiteInfo(t *testing.T) {
	ids, _, ok := ssl.CipherSuites("ALL:3DES:RC4")
	require.True(t, ok)
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		name, bits, version := ssl.SuiteInfo(s.ID)
		if slices.Contains(s.SupportedVersions, tls.VersionTLS12) {
			require.Contains(t, ids, s.ID)
			byIANA, _, _ := ssl.CipherSuites(s.Name)
			require.Equal(t, []uint16{s.ID}, byIANA, s.Name)
		} else {
			require.Equal(t, "TLSv1.3", version)
		}
		require.NotContains(t, name, "_WITH_")
		require.NotZero(t, bits)
	}
	tests := []struct {
		id      uint16
		name    string
		bits    int
		version string
	}{
		{tls.TLS_AES_256_GCM_SHA384, "TLS_AES_256_GCM_SHA384", 256, "TLSv1.3"},
		{tls.TLS_CHACHA20_POLY1305_SHA256, "TLS_CHACHA20_POLY1305_SHA256", 256, "TLSv1.3"},
		{tls.TLS_AES_128_GCM_SHA256, "TLS_AES_128_GCM_SHA256", 128, "TLSv1.3"},
		{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "ECDHE-RSA-AES128-GCM-SHA256", 128, "TLSv1.2"},
		{tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-RSA-CHACHA20-POLY1305", 256, "TLSv1.2"},
		{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, "ECDHE-RSA-AES128-SHA", 128, "TLSv1.0"},
		{tls.TLS_RSA_WITH_AES_128_CBC_SHA, "AES128-SHA", 128, "SSLv3"},
		{tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA, "DES-CBC3-SHA", 112, "SSLv3"},
		{tls.TLS_RSA_WITH_RC4_128_SHA, "RC4-SHA", 128, "SSLv3"},
		{0xffff, "0xFFFF", 0, "unknown"},
	}
	for _, tt := range tests {
		name, bits, version := ssl.SuiteInfo(tt.id)
		require.Equal(t, tt.name, name)
		require.Equal(t, tt.bits, bits)
		require.Equal(t, tt.version, version)
	}
}

// "openssl ciphers -V" gives the number, the name, the version and the bits of each.
func TestSuiteInfoLikeOpenSSL(t *testing.T) {
	out, err := exec.Command("openssl", "ciphers", "-V", "ALL:COMPLEMENTOFALL@SECLEVEL=0").Output()
	if err != nil {
		t.Skip("no openssl command:", err)
	}
	found := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line) // 0x13,0x02 - NAME TLSv1.3 Kx=any Au=any Enc=AESGCM(256) Mac=AEAD
		for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
			name, bits, version := ssl.SuiteInfo(s.ID)
			if name != fields[2] {
				continue
			}
			found++
			if fields[3] == "TLSv1" {
				fields[3] = "TLSv1.0" // only this command drops the zero
			}
			require.Equal(t, fields[3], version)
			require.Contains(t, fields[6], fmt.Sprintf("(%d)", bits))
		}
	}
	require.Equal(t, 20, found)
}

func FuzzCipherSuites(f *testing.F) {
	for _, tt := range cipherLists {
		f.Add(tt.list)
	}
	f.Add(ssl.DefaultCiphers)
	f.Fuzz(func(t *testing.T, list string) {
		ids, level, ok := ssl.CipherSuites(list)
		require.Equal(t, ok, len(ids) != 0)
		require.True(t, level >= -1 && level <= 5)
		sorted := slices.Sorted(slices.Values(ids))
		require.Len(t, slices.Compact(sorted), len(ids), "a suite twice")
		// What was selected can be asked for by name.
		if ok {
			again, _, _ := ssl.CipherSuites(namesOf(ids))
			require.Equal(t, ids, again)
		}
	})
}
