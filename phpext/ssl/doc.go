// Package ssl is the TLS of PHP's streams, by crypto/tls: what the ssl stream context
// options mean for it (https://www.php.net/manual/en/context.ssl.php), and what PHP, and
// the OpenSSL that it is usually built with, say when something goes wrong.
//
// [Crypto] has the rows that set a stream up and drive its handshake. The rest are the
// parts of it: certificates and keys, verification, names, fingerprints, cipher suites,
// versions, protocols, and words. It knows no cgo and no PHP.
//
// # What differs from PHP with OpenSSL 3
//
// Options that cannot be met warn once a run, see [Unsupported]. Besides:
//
//   - The cipher suite is chosen by crypto/tls, in its own order, which prefers AES with
//     128 bits; of the option ciphers it takes what it has.
//   - Servers resume sessions of streams with the same options, and clients those to the
//     same address. PHP makes a new context for every stream, with which none can be.
//   - A client that refuses a certificate sends the alert bad_certificate, where OpenSSL
//     tells unknown_ca, certificate_expired and others apart. Servers tell them apart.
//   - Clients send no addresses as server names (SNI), and none with a trailing dot.
//   - A client that wants to renegotiate is refused, with OpenSSL too, but here that ends
//     the connection.
//   - Peers with RSA keys above 8192 bits, and signatures with SHA-1 or MD5, are refused;
//     the security level without that option is 2, as Debian has it.
//   - Private keys that are encrypted by PKCS#5 v1 (PBES1) or with DSA cannot be read.
//   - A certificate or key that comes through a pipe has a second to do so.
//   - TLS 1.0 and 1.1 need security_level 0, as they do with OpenSSL 3.
//   - What crypto/tls does not tell apart has the text of the commoner case: a server
//     without a certificate always says "no suitable shared cipher", for one.
package ssl
