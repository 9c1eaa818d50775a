package ssl

import (
	"fmt"

	"github.com/phpsock/phpsock/phpext"
)

// SNIEntry is one element of the option SNI_server_certs: which certificate a server
// has for the hosts of a pattern.
type SNIEntry struct {
	Pattern string // see [MatchWildcard]
	// Certificate and Key are the paths of PEM files. They are the same where the
	// element is a single path, and then Pair is false. The key has no passphrase: that
	// of the option passphrase is not for these.
	Certificate, Key string
	Pair             bool
}

// ParseSNI reads the option SNI_server_certs. A warning says, in PHP's words, that the
// server cannot be: then the entries are those before the fault. PHP reads an element,
// loads it and goes on to the next, so the files of these entries are to be loaded before
// the warning is given, and instead of it where one of them fails. The last entry lacks
// its Key where that is what the warning is about; then only the path of its certificate
// is to be resolved.
func ParseSNI(table phpext.Value) (entries []SNIEntry, warning string) {
	if table.Kind() != phpext.KindArray {
		return nil, "SNI_server_certs requires an array mapping host names to cert paths"
	}
	if table.Array().Len() == 0 {
		return nil, "SNI_server_certs host cert array must not be empty"
	}
	for key, value := range table.Array().All() {
		if !key.IsString() {
			return entries, "SNI_server_certs array requires string host name keys"
		}
		entry := SNIEntry{Pattern: cString(key.Text())}
		if value.Kind() != phpext.KindArray {
			// PHP takes other scalars for strings without looking, and crashes.
			entry.Certificate = value.ToString()
			entry.Key = entry.Certificate
			entries = append(entries, entry)
			continue
		}
		certificate, ok := value.Array().GetText("local_cert")
		if !ok {
			return entries, "local_cert not present in the array"
		}
		entry.Certificate, entry.Pair = certificate.ToString(), true
		privateKey, ok := value.Array().GetText("local_pk")
		if !ok {
			return append(entries, entry), "local_pk not present in the array"
		}
		entry.Key = privateKey.ToString()
		entries = append(entries, entry)
	}
	return entries, ""
}

// Select returns the index of the first entry whose pattern stands for serverName, the
// name that a client asked for. Without one, or for a client that gave no name, it is -1:
// the server has its own certificate then.
func Select(entries []SNIEntry, serverName string) int {
	if serverName == "" {
		return -1
	}
	for i, entry := range entries {
		if MatchWildcard(serverName, entry.Pattern) {
			return i
		}
	}
	return -1
}

// NoCertificateFile returns PHP's warning for a certificate that cannot be opened.
func (e SNIEntry) NoCertificateFile() string {
	why := "file not found"
	if e.Pair {
		why = "could not open file"
	}
	return fmt.Sprintf("Failed setting local cert chain file `%s'; %s", cString(e.Certificate), why)
}

// NoKeyFile returns PHP's warning for a key of a Pair that cannot be opened.
func (e SNIEntry) NoKeyFile() string {
	return fmt.Sprintf("Failed setting local private key file `%s';  could not open file", cString(e.Key))
}

// UnusableCertificate returns PHP's warning for a file without a certificate, whose
// path is the resolved one.
func (SNIEntry) UnusableCertificate(path string) string {
	return fmt.Sprintf("Failed setting local cert chain file `%s'; check that your cafile/capath settings "+
		"include details of your certificate and its issuer", path)
}

// UnusableKey returns PHP's warning for a file without a key, or with that of another
// certificate, whose path is the resolved one.
func (SNIEntry) UnusableKey(path string) string {
	return fmt.Sprintf("Failed setting private key from file `%s'", path)
}
