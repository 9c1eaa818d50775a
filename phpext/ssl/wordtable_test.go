package ssl_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/phpext/ssl"
)

// tlsErrors are the texts of errors in the source of crypto/tls, up to their first value.
func tlsErrors(t *testing.T) []string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no go command to ask for the source of Go:", err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "src", "crypto", "tls", "*.go"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("the source of Go is not here")
	}
	text := regexp.MustCompile(`(?:errors\.New|fmt\.Errorf)\("([^"%]+)`)
	var found []string
	for _, file := range files {
		base := filepath.Base(file)
		if strings.HasSuffix(base, "_test.go") || base == "quic.go" || base == "ech.go" || base == "tls.go" || base == "ticket.go" || base == "prf.go" {
			continue
		}
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, match := range text.FindAllStringSubmatch(string(source), -1) {
			found = append(found, match[1])
		}
	}
	return found
}

// internalErrors are those that OpenSSL has no words for: a fault of the configuration or of
// the library, or QUIC, ECH and FIPS, which no stream of PHP has.
var internalErrors = regexp.MustCompile(`(?i)internal error|quic|ech|encrypted client hello|inner client hello|outer|FIPS|rand:|key log|` +
	`expected an|verification failure|PSK binders length|CurvePreferences|ServerName or InsecureSkipVerify|NextProtos|MinVersion|MaxVersion|` +
	`crypto\.Signer|private key|signing key|decryption key|failed to (parse|sign|create|send|clone|write)|renegotiation|VerifyHostname|` +
	`handshake (has|did|should|buffer)|Config|certificate (is not valid|chain)|mutually supported|client doesn't support|acceptable CA|` +
	`connection doesn't|value length|before handshake|identity changed|0-RTT|did not select an ALPN|larger than|Ed25519|unsupported (public key|key exchange)|` +
	`hybrid key exchange|key update|VerifiedChains|incompatible|tls: $`)

// Every error that crypto/tls can return has words, or is known to be an internal one. A
// new version of Go shows here.
func TestEveryErrorHasWords(t *testing.T) {
	for _, text := range tlsErrors(t) {
		warning := ssl.Explain(errors.New(text), true).Warning()
		if strings.Contains(warning, "internal error (") && !internalErrors.MatchString(text) {
			t.Errorf("no words for %q", text)
		}
	}
}

// Every text that is looked for is one of crypto/tls.
func TestEveryWordIsAnError(t *testing.T) {
	all := strings.Join(tlsErrors(t), "\n")
	source, err := os.ReadFile("texttable.go")
	require.NoError(t, err)
	entries := regexp.MustCompile(`(?m)^\t\t\{"([^"]+)", (?:both|ofServer), (\w+), "([^"]+)"\}`).FindAllStringSubmatch(string(source), -1)
	require.Greater(t, len(entries), 80)
	_, missing := exec.LookPath("openssl")
	for _, entry := range entries {
		require.Contains(t, all, entry[1])
		if code, found := strings.CutPrefix(entry[2], "0x"); found && missing == nil {
			out, err := exec.Command("openssl", "errstr", code).Output()
			require.NoError(t, err)
			require.Equal(t, "error:"+code+":SSL routines::"+entry[3], strings.TrimSpace(string(out)))
		}
	}
}
