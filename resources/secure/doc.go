// Package secure is TLS, by package crypto/tls, on descriptors that somebody else waits
// for.
//
// crypto/tls wants a connection that blocks. A [Session] never does: what cannot go on
// says for what it waits, and its caller polls the descriptor, with whatever else may end
// the wait, and calls again. A handshake, of which crypto/tls cannot be woken from the
// middle, runs on a goroutine that computes and calls the configuration's functions, but
// never touches the descriptor.
//
// The package knows no PHP and no cgo.
package secure
