package ssl_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext/ssl"
)

// verifyCase is a chain and what is to become of it.
type verifyCase struct {
	name  string
	chain []*holder // as the peer sends it
	roots []*holder
	v     ssl.Verification // without Roots, MaxDepth and Now
	depth int              // verify_depth, 0 for the default
	code  int              // 0: it is good
	// differs says why the openssl command is not asked.
	differs string
}

func verifyCases(t *testing.T) []verifyCase {
	days := func(from, to int) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = epoch.AddDate(0, 0, from), epoch.AddDate(0, 0, to)
		}
	}
	usage := func(u ...x509.ExtKeyUsage) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.ExtKeyUsage = u }
	}
	keyUsage := func(u x509.KeyUsage) func(*x509.Certificate) { return func(c *x509.Certificate) { c.KeyUsage = u } }
	signedWith := func(a x509.SignatureAlgorithm) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.SignatureAlgorithm = a }
	}
	pathLength := func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = 0, true }
	critical := func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, criticalExtension())
	}
	onlyOrg := func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"example.org"}
	}
	name := func(n string) func(*x509.Certificate) { return func(c *x509.Certificate) { c.DNSNames = []string{n} } }

	root := issue(t, nil, nil, "root", authority)
	mid := issue(t, root, nil, "mid", authority)
	low := issue(t, mid, nil, "low", authority)
	leaf := issue(t, mid, nil, "leaf")
	direct := issue(t, root, nil, "direct")
	deep := issue(t, low, nil, "deep")
	self := issue(t, nil, nil, "self")
	expiredSelf := issue(t, nil, nil, "self", days(-9, -8))
	stranger := issue(t, nil, nil, "root", authority) // of the same name
	expiredRoot := issue(t, nil, nil, "old root", authority, days(-9, -8))
	expiredMid := issue(t, root, nil, "old mid", authority, days(-9, -8))
	notCA := issue(t, root, nil, "no authority")
	shortRoot := issue(t, nil, nil, "short", authority, pathLength)
	shortMid := issue(t, shortRoot, nil, "too deep", authority)
	narrowRoot := issue(t, nil, nil, "narrow", authority, onlyOrg)
	clientRoot := issue(t, nil, nil, "client root", authority, usage(x509.ExtKeyUsageClientAuth))
	small := issue(t, nil, newRSA(t, 1024), "small", authority)
	rsaRoot := issue(t, nil, newRSA(t, 2048), "rsa", authority)
	server, client := ssl.Verification{Server: true, SecurityLevel: -1}, ssl.Verification{SecurityLevel: -1}
	lenient := ssl.Verification{Server: true, SecurityLevel: -1, AllowSelfSigned: true}
	level := func(n int) ssl.Verification { return ssl.Verification{Server: true, SecurityLevel: n} }
	of := func(h ...*holder) []*holder { return h }

	return []verifyCase{
		{name: "direct", chain: of(direct), roots: of(root), v: server},
		{name: "of a client", chain: of(direct), roots: of(root), v: client},
		{name: "through another", chain: of(leaf, mid), roots: of(root), v: server},
		{name: "with the root", chain: of(leaf, mid, root), roots: of(root), v: server},
		{name: "in disorder", chain: of(deep, root, mid, low), roots: of(root), v: server},
		{name: "links in cafile", chain: of(deep), roots: of(root, low, mid), v: server},
		{name: "among others", chain: of(leaf, mid), roots: of(stranger, self, root), v: server},
		{name: "self-signed and known", chain: of(self), roots: of(self), v: server},
		{name: "self-signed and known, of a client", chain: of(self), roots: of(self), v: client},
		{name: "self-signed", chain: of(self), roots: of(root), v: server, code: 18},
		{name: "self-signed, no roots", chain: of(self), v: server, code: 18},
		{name: "self-signed and allowed", chain: of(self), roots: of(root), v: lenient},
		{name: "self-signed, allowed and expired", chain: of(expiredSelf), roots: of(root), v: lenient, code: 10},
		{name: "self-signed, known and expired", chain: of(expiredSelf), roots: of(expiredSelf), v: server, code: 10},
		{name: "self-signed and expired", chain: of(expiredSelf), roots: of(root), v: server, code: 18},
		{name: "self-signed, allowed and for clients", chain: of(issue(t, nil, nil, "self", usage(x509.ExtKeyUsageClientAuth))), v: lenient, code: 26},
		{name: "self-signed, allowed and critical", chain: of(issue(t, nil, nil, "self", critical)), v: lenient, code: 34},
		{name: "unknown root, sent", chain: of(leaf, mid, root), roots: of(self), v: server, code: 19},
		{name: "unknown root, sent and allowed", chain: of(leaf, mid, root), roots: of(self), v: lenient, code: 19},
		{name: "unknown root", chain: of(leaf, mid), roots: of(self), v: server, code: 20},
		{name: "no link", chain: of(leaf), roots: of(root), v: server, code: 20},
		{name: "no roots", chain: of(leaf), v: server, code: 20},
		{name: "a link is no root", chain: of(leaf), roots: of(mid), v: server, code: 2},
		{name: "a link that was sent is no root", chain: of(leaf, mid), roots: of(mid), v: server, code: 2},
		{name: "a leaf is no root", chain: of(leaf), roots: of(leaf), v: server, code: 20},
		{name: "other root of the name", chain: of(direct), roots: of(stranger), v: server, code: 20},
		{name: "expired", chain: of(issue(t, root, nil, "x", days(-9, -8))), roots: of(root), v: server, code: 10},
		{name: "not yet valid", chain: of(issue(t, root, nil, "x", days(8, 9))), roots: of(root), v: server, code: 9},
		{name: "expired link", chain: of(issue(t, expiredMid, nil, "x"), expiredMid), roots: of(root), v: server, code: 10},
		{name: "expired root", chain: of(issue(t, expiredRoot, nil, "x")), roots: of(expiredRoot), v: server, code: 10},
		{name: "no authority", chain: of(issue(t, notCA, nil, "x"), notCA), roots: of(root), v: server, code: 79},
		{name: "path too long", chain: of(issue(t, shortMid, nil, "x"), shortMid), roots: of(shortRoot), v: server, code: 25},
		{name: "name not permitted", chain: of(issue(t, narrowRoot, nil, "x", name("a.com"))), roots: of(narrowRoot), v: server, code: 47},
		{name: "name permitted", chain: of(issue(t, narrowRoot, nil, "x", name("a.example.org"))), roots: of(narrowRoot), v: server,
			differs: "it takes the common name for a host"},
		{name: "critical extension", chain: of(issue(t, root, nil, "x", critical)), roots: of(root), v: server, code: 34},
		{name: "for servers", chain: of(issue(t, root, nil, "x", usage(x509.ExtKeyUsageServerAuth))), roots: of(root), v: server},
		{name: "for clients", chain: of(issue(t, root, nil, "x", usage(x509.ExtKeyUsageClientAuth))), roots: of(root), v: client},
		{name: "for both", chain: of(issue(t, root, nil, "x", usage(x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth))), roots: of(root), v: client},
		{name: "client as a server", chain: of(issue(t, root, nil, "x", usage(x509.ExtKeyUsageClientAuth))), roots: of(root), v: server, code: 26},
		{name: "server as a client", chain: of(issue(t, root, nil, "x", usage(x509.ExtKeyUsageServerAuth))), roots: of(root), v: client, code: 26},
		{name: "for anything", chain: of(issue(t, root, nil, "x", usage(x509.ExtKeyUsageAny))), roots: of(root), v: server, code: 26},
		{name: "gated crypto", chain: of(issue(t, root, nil, "x", usage(x509.ExtKeyUsageNetscapeServerGatedCrypto))), roots: of(root), v: server},
		{name: "root for clients", chain: of(issue(t, clientRoot, nil, "x")), roots: of(clientRoot), v: server, code: 26},
		{name: "key for encryption", chain: of(issue(t, root, nil, "x", keyUsage(x509.KeyUsageKeyEncipherment))), roots: of(root), v: server},
		{name: "key for encryption, client", chain: of(issue(t, root, nil, "x", keyUsage(x509.KeyUsageKeyEncipherment))), roots: of(root), v: client, code: 26},
		{name: "key for other things", chain: of(issue(t, root, nil, "x", keyUsage(x509.KeyUsageCRLSign))), roots: of(root), v: server, code: 26},
		{name: "an authority", chain: of(mid), roots: of(root), v: server, code: 26},
		{name: "deep enough", chain: of(deep, low, mid), roots: of(root), v: server, depth: 3},
		{name: "too deep", chain: of(deep, low, mid), roots: of(root), v: server, depth: 2, code: 22, differs: "it counts depths otherwise"},
		{name: "any depth", chain: of(deep, low, mid), roots: of(root), v: server, depth: -1},
		{name: "level 1", chain: of(direct), roots: of(root), v: level(1)},
		{name: "level 3", chain: of(direct), roots: of(root), v: level(3)},
		{name: "level 4", chain: of(direct), roots: of(root), v: level(4), code: 66},
		{name: "level 4, key of the root", chain: of(issue(t, root, newEC(t, elliptic.P384()), "x")), roots: of(root), v: level(4), code: 68},
		{name: "level 1, RSA 1024", chain: of(issue(t, small, nil, "x")), roots: of(small), v: level(1)},
		{name: "level 2, RSA 1024", chain: of(issue(t, small, nil, "x")), roots: of(small), v: level(2), code: 67},
		{name: "level 2, RSA 1024 leaf", chain: of(issue(t, root, newRSA(t, 1024), "x")), roots: of(root), v: level(2), code: 66},
		{name: "level 2, RSA 2048", chain: of(issue(t, rsaRoot, nil, "x")), roots: of(rsaRoot), v: level(2)},
		{name: "level 3, RSA 2048", chain: of(issue(t, rsaRoot, nil, "x")), roots: of(rsaRoot), v: level(3), code: 67},
		{name: "level 3, SHA-512", chain: of(issue(t, rsaRoot, nil, "x", signedWith(x509.SHA512WithRSA))), roots: of(rsaRoot), v: level(2)},
		{name: "level 1, self-signed", chain: of(self), roots: of(self), v: level(3)},
	}
}

func TestVerify(t *testing.T) {
	for _, tt := range verifyCases(t) {
		t.Run(tt.name, func(t *testing.T) {
			err := verify(tt)
			if tt.code == 0 {
				require.NoError(t, err)
				return
			}
			var failure *ssl.Failure
			require.ErrorAs(t, err, &failure)
			require.Equal(t, tt.code, failure.Code, "%v", err)
			require.NotContains(t, failure.Text(), "unknown")
		})
	}
}

func verify(tt verifyCase) error {
	tt.v.Roots = ssl.NewRoots(plain(tt.roots))
	tt.v.Now = func() time.Time { return epoch }
	if tt.v.MaxDepth = tt.depth; tt.depth == 0 {
		tt.v.MaxDepth = ssl.DefaultVerifyDepth
	}
	return ssl.Verify(plain(tt.chain), tt.v)
}

func plain(holders []*holder) []*x509.Certificate {
	var certificates []*x509.Certificate
	for _, h := range holders {
		certificates = append(certificates, h.Certificate)
	}
	return certificates
}

// "openssl verify" has to say the same, with the first code where there are more.
func TestVerifyLikeOpenSSL(t *testing.T) {
	need(t, "openssl")
	dir := t.TempDir()
	write := func(name string, holders []*holder) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, certPEM(holders...), 0o600))
		return path
	}
	for _, tt := range verifyCases(t) {
		t.Run(tt.name, func(t *testing.T) {
			if tt.differs != "" {
				t.Skip("the openssl command differs:", tt.differs)
			}
			args := []string{"verify", "-no-CApath", "-no-CAstore", "-CAfile", write("roots", tt.roots), "-untrusted",
				write("chain", tt.chain[1:]), "-attime", strconv.FormatInt(epoch.Unix(), 10), "-auth_level", strconv.Itoa(max(tt.v.SecurityLevel, 0))}
			purpose := "sslclient"
			if tt.v.Server {
				purpose = "sslserver"
			}
			if len(tt.roots) == 0 {
				args = append(args[:3], append([]string{"-no-CAfile"}, args[5:]...)...)
			}
			if len(tt.chain) == 1 {
				args = removePair(args, "-untrusted")
			}
			out, _ := exec.Command("openssl", append(args, "-purpose", purpose, write("leaf", tt.chain[:1]))...).CombinedOutput()
			want := 0
			for line := range strings.Lines(string(out)) {
				// error 20 at 0 depth lookup: unable to get local issuer certificate
				if rest, found := strings.CutPrefix(line, "error "); found && want == 0 {
					code, _, _ := strings.Cut(rest, " ")
					want, _ = strconv.Atoi(code)
					if want == 18 && tt.v.AllowSelfSigned {
						want = 0
					}
				}
			}
			var failure *ssl.Failure
			got := 0
			if errors.As(verify(tt), &failure) {
				got = failure.Code
				if strings.Contains(string(out), "error "+strconv.Itoa(got)+" at") {
					require.Contains(t, string(out), failure.Text())
				}
			}
			require.Equal(t, want, got, "%s", out)
		})
	}
}

func removePair(args []string, name string) []string {
	for i, a := range args {
		if a == name {
			return append(args[:i:i], args[i+2:]...)
		}
	}
	return args
}

func TestVerifyNothing(t *testing.T) {
	require.Error(t, ssl.Verify(nil, ssl.Verification{Roots: ssl.NewRoots(nil)}))
	roots, err := ssl.SystemRoots()
	require.NoError(t, err)
	require.Empty(t, roots.Certificates())
	var failure *ssl.Failure
	self := issue(t, nil, nil, "x")
	err = ssl.Verify(plain([]*holder{self}), ssl.Verification{Roots: roots, Server: true, Now: func() time.Time { return epoch }})
	require.ErrorAs(t, err, &failure)
	require.Equal(t, 18, failure.Code)
	require.ErrorContains(t, err, "ssl: certificate verify failed: self-signed certificate (code 18, depth 0): x509: ")
	require.Equal(t, "Could not verify peer: code:18 self-signed certificate", failure.Warning())
	require.Error(t, failure.Unwrap())
}

func TestFailureTexts(t *testing.T) {
	for code, want := range map[int]string{
		1: "unspecified certificate verification error", 2: "unable to get issuer certificate", 7: "certificate signature failure",
		9: "certificate is not yet valid", 10: "certificate has expired", 18: "self-signed certificate",
		19: "self-signed certificate in certificate chain", 20: "unable to get local issuer certificate",
		21: "unable to verify the first certificate", 22: "certificate chain too long", 25: "path length constraint exceeded",
		26: "unsuitable certificate purpose", 34: "unhandled critical extension", 47: "permitted subtree violation",
		66: "EE certificate key too weak", 67: "CA certificate key too weak", 68: "CA signature digest algorithm too weak",
		79: "invalid CA certificate", 999: "unknown certificate verification error",
	} {
		require.Equal(t, want, (&ssl.Failure{Code: code}).Text())
	}
}

// Each kind of key, on the first level that it is too weak for and on the one before.
func TestCheckLevel(t *testing.T) {
	key := func(k crypto.Signer) []*x509.Certificate { return plain([]*holder{issue(t, nil, k, "x")}) }
	p224, p256, p521 := key(newEC(t, elliptic.P224())), key(newEC(t, elliptic.P256())), key(newEC(t, elliptic.P521()))
	for i, weak := range map[int][]*x509.Certificate{3: p224, 4: p256, 5: key(newEC(t, elliptic.P384())), 6: p521} {
		require.NoError(t, ssl.CheckLevel(weak, min(i-1, 5)))
		if i <= 5 {
			require.Error(t, ssl.CheckLevel(weak, i))
		}
	}
	require.NoError(t, ssl.CheckLevel(p224, -1))
	require.NoError(t, ssl.CheckLevel(nil, 5))
	require.Error(t, ssl.CheckLevel(key(newEd25519(t)), 4))
	require.NoError(t, ssl.CheckLevel(key(newEd25519(t)), 3))
}
