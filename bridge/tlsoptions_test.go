package bridge_test

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// tlsOption is a script whose output has to be PHP's. A first line "#ini NAME=VALUE ..." are
// settings of php.ini; FOLDER in it is $f. See tlsOptionsPrologue for what scripts have.
type tlsOption struct{ name, code string }

// tlsOptions are all ssl context options, with values of all kinds, and what streams do that
// have them.
var tlsOptions = slices.Concat(
	tlsKeyOptions, tlsPassphraseOptions, tlsTrustOptions, tlsCipherOptions, tlsVersionOptions, tlsNameOptions,
	tlsCaptureOptions, tlsOddOptions, tlsHandlerOptions, tlsCryptoCalls, tlsStreamCalls,
)

// tlsOptionDifferences are those that cannot be as in PHP.
var tlsOptionDifferences = map[string]string{
	// crypto/tls.
	"ciphers, DHE only":                          "crypto/tls has no DHE, and the engine says so at once",
	"ciphers, aNULL":                             "crypto/tls has nothing without certificates",
	"SNI_server_certs, IP":                       "crypto/tls asks for no address as a name",
	"SNI_server_certs, odd names":                "crypto/tls asks for no address in brackets, and leaves long names to the server",
	"SNI_server_certs, trailing dot":             "crypto/tls leaves the dot out, as the RFC says",
	"SNI_server_certs, no match and no other":    "OpenSSL finds out about the certificate later with TLS 1.3",
	"crypto_method, default level":               "OpenSSL offers TLS 1.0 on level 2, to fail by its signatures; here there is no such version",
	"max_proto_version":                          "as with crypto_method, default level",
	"transports of versions":                     "as with crypto_method, default level",
	"security_level, odd values":                 "the server's P-256 is refused by the client, not in the choice of a signature",
	"system's roots, by environment":             "Go reads the roots of the system once, and no putenv()",
	"capath, other name":                         "files count whatever the hash in their name is, see DirectoryRoots",
	"capath, second number":                      "as above",
	"local_cert, trailing garbage":               "encoding/pem passes a block over that does not end",
	"passphrase, RSA, PBES1":                     "not supported: no OpenSSL since 1.1 writes it by itself",
	"passphrase, EC, PBES1":                      "as above",
	"context, self-signed allowed between calls": "allow_self_signed is read when the handshake begins",

	// What PHP asks for only where it needs it is asked for before.
	"passphrase, not needed":              "the option is made text where the key is not encrypted, too",
	"passphrase, object without text":     "as above",
	"passphrase, object that throws":      "as above",
	"security_level, object":              "an object is 1, without a warning",
	"verify_depth, object":                "as above",
	"handler, object's text sets options": "options that come while options are read count",

	// Mistakes of PHP's.
	"SNI_server_certs, int":                 "PHP takes any value for a string, and crashes",
	"SNI_server_certs, object":              "PHP takes any value for a string, and prints memory",
	"SNI_server_certs, references":          "as above",
	"SNI_server_certs, inner object":        "an object is no path here",
	"peer_fingerprint, references":          "PHP takes a reference to a string for none",
	"handler, judging, closes":              "PHP crashes when the stream is closed in the middle",
	"handler, setting up, closes":           "a stream cannot be closed in the middle",
	"handler, converting, closes":           "as above",
	"handler, shaking hands, closes":        "as above",
	"handler, object's text closes":         "as above",
	"handler, wrapper of the cafile closes": "as above",
	"handler, object's text begins":         "PHP forgets the session that is on, and goes on with another",
	"handler, shaking hands, begins again":  "PHP's stream does not block in the middle of a blocking handshake",
	"handler, shaking hands, reads":         "PHP gives out a byte of what it has not initialized",
	"crypto, on the listener":               "PHP waits for a listener to be spoken to until its time is over",
	"crypto, on the listener, not blocking": "as above",
	"crypto, on a listener of TLS":          "as above",
	"crypto, session stream and a server":   "a server has no use for the session of a client, and goes on without",
	"stream, time limits":                   "a limit of -1 microsecond is none, not one that is over",
}

// crashed reports whether a signal ended it. 255 is PHP's status after a fatal error.
func crashed(f finished) bool { return f.status >= 128 && f.status != 255 }

// tlsIncomparable is different everywhere, for one reason each.
var tlsIncomparable = []struct {
	pattern *regexp.Regexp
	instead string
}{
	// crypto/tls has one alert for a certificate that its configuration's functions refuse, where
	// OpenSSL says why.
	{regexp.MustCompile(`error:0A000(418|415|412|41B|42B|413|416|42A):SSL routines::(sslv3|tlsv1) alert [a-z ]+`), "alert about the certificate"},
	// crypto/tls has another alert than OpenSSL for a server without a certificate.
	{regexp.MustCompile(`error:0A000458:SSL routines::tlsv1 unrecognized name`), "error:0A000410:SSL routines::sslv3 alert handshake failure"},
	// What crypto/tls cannot do is said by the engine only.
	{regexp.MustCompile(`(?m)^  2 \w+\(\): ssl option .*\n|^\nWarning: \w+\(\): ssl option .* on line \d+\n`), ""},
	// Files that a script makes.
	{regexp.MustCompile(`/[0-9a-f]{13}\b`), "/UNIQUE"},
}

// comparable leaves out what tlsIncomparable has.
func comparable(out string) string {
	for _, i := range tlsIncomparable {
		out = i.pattern.ReplaceAllString(out, i.instead)
	}
	return out
}

func TestTLSOptions(t *testing.T) {
	if release() != "8.2" {
		t.Skip("the table is of PHP 8.2 with OpenSSL 3.0, whose words others change in places; TestTLSWords and TestTLSMatrix compare with them")
	}
	php, err := exec.LookPath("php" + release())
	if err != nil {
		t.Skipf("no php%s to compare with", release())
	}
	requireTLSOf(t, php)
	command := buildCommand(t)
	o := newTLSOptionFiles(t)
	names := map[string]bool{}
	for _, tt := range tlsOptions {
		require.False(t, names[tt.name], "%s is there twice", tt.name)
		names[tt.name] = true
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code := o.prologue + tt.code
			args := []string{"-n", "-d", "log_errors=0"}
			if ini, rest, found := strings.Cut(strings.TrimPrefix(tt.code, "#ini "), "\n"); found && len(ini)+len(rest)+1 < len(tt.code) {
				code = o.prologue + rest
				for setting := range strings.FieldsSeq(strings.ReplaceAll(ini, "FOLDER", o.folder)) {
					args = append(args, "-d", setting)
				}
			}
			args = append(args, writeFile(t, "script.php", "<?php "+code))
			run := func(program string) finished {
				cmd := exec.Command(program, args...)
				cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // OpenSSL would ask a terminal for passphrases
				return execute(t, cmd)
			}
			want, got := run(php), run(command)
			require.False(t, crashed(got), "it crashed: %d\n%s\n%s", got.status, got.stdout, got.stderr)
			require.NotContains(t, got.stderr, "goroutine ")
			switch reason := tlsOptionDifferences[tt.name]; {
			case crashed(want):
				t.Logf("PHP crashes: %d", want.status)
				require.NotEmpty(t, reason, "PHP crashes, which is to be said")
			case reason != "":
				require.NotEqual(t, comparable(want.stdout), comparable(got.stdout), "no difference any more: %s", reason)
			default:
				require.Equal(t, comparable(want.stdout), comparable(got.stdout))
				require.Equal(t, want.status, got.status)
			}
		})
	}
	for name := range tlsOptionDifferences {
		require.True(t, names[name], "a difference of nothing: %s", name)
	}
}
