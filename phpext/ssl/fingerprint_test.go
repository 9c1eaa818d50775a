package ssl_test

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/phpext/ssl"
)

func pairs(keysAndValues ...any) phpext.Value {
	a := phpext.NewArray()
	for i := 0; i < len(keysAndValues); i += 2 {
		var v phpext.Value
		switch x := keysAndValues[i+1].(type) {
		case string:
			v = phpext.String(x)
		case int:
			v = phpext.Int(int64(x))
		case bool:
			v = phpext.Bool(x)
		case nil:
		case phpext.Value:
			v = x
		}
		if key, ok := keysAndValues[i].(int); ok {
			a.Set(phpext.IntKey(int64(key)), v)
		} else {
			a.Set(phpext.StringKey(keysAndValues[i].(string)), v)
		}
	}
	return phpext.ArrayValue(a)
}

func TestMatchFingerprint(t *testing.T) {
	const (
		form    = "Invalid peer_fingerprint array; [algo => fingerprint] form required"
		unknown = "Unknown digest algorithm"
		value   = "Invalid peer_fingerprint value; fingerprint string or array of the form [algo => fingerprint] required"
	)
	cert := issue(t, nil, nil, "x").Certificate
	hash5 := fmt.Sprintf("%x", md5.Sum(cert.Raw))
	hash1 := fmt.Sprintf("%x", sha1.Sum(cert.Raw))
	hash256 := fmt.Sprintf("%x", sha256.Sum256(cert.Raw))
	tests := []struct {
		name    string
		want    phpext.Value
		ok      bool
		warning string
	}{
		{"MD5", phpext.String(hash5), true, ""},
		{"SHA-1", phpext.String(hash1), true, ""},
		{"upper case", phpext.String(strings.ToUpper(hash1)), true, ""},
		{"SHA-256 as a string", phpext.String(hash256), false, ""},
		{"other", phpext.String(strings.Repeat("0", 40)), false, ""},
		{"empty", phpext.String(""), false, ""},
		{"array", pairs("sha256", hash256), true, ""},
		{"array of two", pairs("sha256", hash256, "md5", hash5), true, ""},
		{"second one wrong", pairs("sha256", hash256, "md5", hash1), false, ""},
		{"name in upper case", pairs("SHA256", strings.ToUpper(hash256)), true, ""},
		{"what follows NUL", pairs("sha256\x00x", hash256+"\x00x"), true, ""},
		{"empty array", pairs(), false, form},
		{"list", pairs(0, hash1), false, form},
		{"list after a good one", pairs("sha1", hash1, 0, hash1), false, form},
		{"list after a bad one", pairs("sha1", hash5, 0, hash1), false, ""},
		{"int", pairs("sha1", 7), false, form},
		{"unknown", pairs("foo", hash1), false, unknown},
		{"bool", phpext.Bool(true), false, value},
		{"null", phpext.Null(), false, value},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ok, warnings := ssl.MatchFingerprint(cert, tt.want)
			require.Equal(t, tt.ok, ok)
			require.Equal(t, tt.warning, strings.Join(warnings, "|"))
		})
	}
}

var digestNames = []string{"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-224", "sha512-256", "sha3-224",
	"sha3-256", "sha3-384", "sha3-512", "ripemd160", "blake2b512", "blake2s256", "RSA-SHA256", "ripemd", "rmd160"}

// PHP makes the fingerprints of a certificate with the names that it knows.
func TestFingerprintLikePHP(t *testing.T) {
	need(t, "php8.2")
	cert := issue(t, nil, nil, "x")
	for _, name := range append(digestNames, "sha-1", "sha2-256", "SHA-512/256", "foo", "") {
		cmd := exec.Command("php8.2", "-r", `echo @openssl_x509_fingerprint(stream_get_contents(STDIN), $argv[1]);`, "--", name)
		cmd.Stdin = strings.NewReader(string(certPEM(cert)))
		out, err := cmd.Output()
		require.NoError(t, err)
		ok, warnings := ssl.MatchFingerprint(cert.Certificate, pairs(name, string(out)))
		require.Equal(t, len(out) != 0, ok, name)
		require.Equal(t, len(out) == 0, len(warnings) != 0, name)
	}
}

func FuzzMatchFingerprint(f *testing.F) {
	cert := issue(f, nil, newEd25519(f), "x").Certificate
	right := fmt.Sprintf("%x", sha256.Sum256(cert.Raw))
	f.Add("sha256", right)
	f.Add("", fmt.Sprintf("%x", sha1.Sum(cert.Raw)))
	for _, name := range digestNames {
		f.Add(name, "00")
	}
	f.Fuzz(func(t *testing.T, algorithm, digits string) {
		ok, warnings := ssl.MatchFingerprint(cert, pairs(algorithm, digits))
		require.False(t, ok && len(warnings) != 0)
		if ok {
			digits, _, _ = strings.Cut(digits, "\x00")
			require.Regexp(t, "^([0-9a-fA-F]{2}){16,64}$", digits)
		}
		asString, warnings := ssl.MatchFingerprint(cert, phpext.String(digits))
		require.Empty(t, warnings)
		require.False(t, asString && len(digits) != 32 && len(digits) != 40)
		// One that matches does so beside others.
		both, _ := ssl.MatchFingerprint(cert, pairs("sha256", right, algorithm, digits))
		if phpext.StringKey(algorithm) != phpext.StringKey("sha256") {
			require.Equal(t, ok, both)
		}
	})
}
