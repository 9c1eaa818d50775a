package ssl_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext/ssl"
)

func TestCertificatesOf(t *testing.T) {
	a, b := issue(t, nil, nil, "a"), issue(t, nil, nil, "b")
	both := certPEM(a, b)
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	tests := []struct {
		name string
		data []byte
		want []*holder
	}{
		{"nothing", nil, nil},
		{"no PEM", a.Raw, nil},
		{"two", both, []*holder{a, b}},
		{"the same one twice", join(certPEM(a), certPEM(a)), []*holder{a, a}},
		{"text and a key between", join([]byte("a:\n"), certPEM(a), keyPEM(t, a.key), []byte("\n# b\n\n"), certPEM(b)), []*holder{a, b}},
		{"CRLF", bytes.ReplaceAll(both, []byte("\n"), []byte("\r\n")), []*holder{a, b}},
		{"other names", join(block("X509 CERTIFICATE", a.Raw), block("TRUSTED CERTIFICATE", append(bytes.Clone(b.Raw), 0x30, 0))), []*holder{a, b}},
		{"a broken one", join(certPEM(a), block("CERTIFICATE", a.Raw[:50]), block("TRUSTED CERTIFICATE", nil), certPEM(b)), []*holder{a, b}},
		{"cut off", both[:len(both)-30], []*holder{a}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ssl.CertificatesOf(tt.data)
			require.Len(t, got, len(tt.want))
			for i, c := range got {
				require.True(t, c.Equal(tt.want[i].Certificate))
			}
		})
	}
}

// What the openssl command writes behind a certificate counts.
func TestTrustSettings(t *testing.T) {
	need(t, "openssl")
	cert := certPEM(issue(t, nil, nil, "a"))
	for args, want := range map[string]int{
		"-trustout": 1, "-addtrust serverAuth": 1, "-addtrust clientAuth": 1, "-addtrust anyExtendedKeyUsage": 1,
		"-addtrust emailProtection": 0, "-addtrust emailProtection -addtrust serverAuth": 1, "-addreject serverAuth": 0,
		"-addreject emailProtection": 0, "-addtrust serverAuth -addreject serverAuth": 0, "-trustout -setalias x": 1,
		"-addtrust serverAuth -setalias ä": 1,
	} {
		cmd := exec.Command("openssl", append([]string{"x509"}, strings.Fields(args)...)...)
		cmd.Stdin = bytes.NewReader(cert)
		out, err := cmd.Output()
		require.NoError(t, err)
		require.Contains(t, string(out), "BEGIN TRUSTED CERTIFICATE")
		require.Len(t, ssl.CertificatesOf(out), want, args)
	}
	require.Empty(t, ssl.CertificatesOf(block("TRUSTED CERTIFICATE", append(bytes.Clone(issue(t, nil, nil, "a").Raw), 1))))
}

func TestDirectoryRoots(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	a, b, c := issue(t, nil, nil, "a"), issue(t, nil, nil, "b"), issue(t, nil, nil, "c")
	write := func(dir, name string, data []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	write(one, "0a1b2c3d.0", certPEM(a))
	write(one, "0a1b2c3d.1", certPEM(b))
	write(one, "0a1b2c3d.r0", certPEM(c)) // a list of revoked ones
	write(one, "0A1B2C3D.0", certPEM(c))
	write(one, "0a1b2c3d", certPEM(c))
	write(one, "c.pem", certPEM(c))
	write(two, "link.pem", certPEM(c))
	require.NoError(t, os.Symlink("link.pem", filepath.Join(two, "ffffffff.0")))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(two, "ffffffff.1")))
	require.NoError(t, os.Mkdir(filepath.Join(two, "eeeeeeee.0"), 0o700))
	require.NoError(t, syscall.Mkfifo(filepath.Join(two, "dddddddd.0"), 0o600)) // would be waited for
	names := func(path string) (names []string) {
		for _, c := range ssl.DirectoryRoots(path) {
			names = append(names, c.Subject.CommonName)
		}
		return names
	}
	require.Equal(t, []string{"a", "b"}, names(one))
	require.Equal(t, []string{"c"}, names(two))
	require.Equal(t, []string{"a", "b", "c"}, names(one+"::"+two+":/nowhere"))
	require.Empty(t, names(""))
	require.Empty(t, names(filepath.Join(one, "c.pem")))
	require.Equal(t, []string{"a", "b"}, names(one+"\x00"+two))
}

func TestNewRoots(t *testing.T) {
	a, b := issue(t, nil, nil, "a"), issue(t, nil, nil, "b")
	certificates := plain([]*holder{a, b})
	roots := ssl.NewRoots(certificates)
	certificates[0] = nil // the caller's
	require.Equal(t, plain([]*holder{a, b}), roots.Certificates())
	roots.Certificates()[0] = nil
	v := ssl.Verification{Roots: roots, Server: true, Now: func() time.Time { return epoch }}
	require.NoError(t, ssl.Verify(plain([]*holder{a}), v))
}

func FuzzCertificatesOf(f *testing.F) {
	a := issue(f, nil, newEd25519(f), "a")
	f.Add(certPEM(a, a))
	f.Add(append(keyPEM(f, a.key), certPEM(a)...))
	f.Add(block("TRUSTED CERTIFICATE", append(bytes.Clone(a.Raw), 0x30, 0)))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		found := ssl.CertificatesOf(data)
		require.LessOrEqual(t, len(found), bytes.Count(data, []byte("-----BEGIN ")))
		// Written again they are the same, and any of them can be judged.
		var again []byte
		for _, c := range found {
			again = append(again, block("CERTIFICATE", c.Raw)...)
			_ = ssl.Verify(found, ssl.Verification{Roots: ssl.NewRoots(found), SecurityLevel: 2, AllowSelfSigned: true})
			_, _ = ssl.MatchName(c, "example.org", true)
		}
		require.Equal(t, len(found), len(ssl.CertificatesOf(again)))
	})
}
