package ssl

import "strings"

// Release is the PHP and the OpenSSL that the words are those of. 0 is PHP 8.2 with
// OpenSSL 3.0.
type Release struct {
	PHP     int   // PHP_VERSION_ID
	OpenSSL int64 // OPENSSL_VERSION_NUMBER
}

// strictNames: see [MatchName].
func (r Release) strictNames() bool { return r.PHP >= 80400 }

// text returns PHP's warning. Since OpenSSL 3.2 alerts of SSLv3 are those of TLS, too.
func (r Release) text(w Words) string {
	if r.OpenSSL >= 0x30200000 {
		return strings.ReplaceAll(w.Warning(), "::sslv3 alert ", "::ssl/tls alert ")
	}
	return w.Warning()
}
