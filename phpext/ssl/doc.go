// Package ssl says what the ssl stream context options of PHP
// (https://www.php.net/manual/en/context.ssl.php) mean for crypto/tls, and how PHP
// and OpenSSL name what goes wrong with them.
//
// It is pure Go and opens no connection: it turns options into parts of a
// [crypto/tls.Config] ([KeyPair], [CipherSuites], [Versions], [Protocols],
// [ParseSNI]), judges what a peer presented as PHP does after a handshake ([Verify],
// [MatchFingerprint], [MatchName]) and puts an error of crypto/tls into the words of
// PHP's warnings ([Explain]). Files are read by the caller, except those of a folder of
// trusted certificates ([DirectoryRoots]).
package ssl
