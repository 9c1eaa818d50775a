package ssl

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"time"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources/secure"
)

// Crypto is the TLS of an engine's streams. Its rows set a stream up and drive the
// handshake; the engine reads and writes by [Crypto.Session]. It belongs to the engine's
// thread.
type Crypto struct {
	// Configs are those of the host.
	Configs secure.Configs
	// Release says whose words are spoken.
	Release Release

	streams map[uint64]*stream
	last    uint64
	kept    cache
	warned  map[string]bool // of the run below
	run     uint64
}

// stream is TLS on one stream of PHP.
type stream struct {
	session    *secure.Session
	fd         int
	name       string // of a client's peer, as the address has it
	settings   *settings
	server     bool
	persistent bool
	resumption *resumption         // of a client
	begun      time.Time           // of the handshake
	failed     bool                // reading or writing did
	peer       []*x509.Certificate // what the peer has shown and was good, even if the handshake failed
}

// Functions returns the rows, which scripts do not see.
func (t *Crypto) Functions() []phpext.Function {
	return []phpext.Function{t.setupFunction(), t.handshakeFunction()}
}

// Session returns the session with that number, which the row tls_setup gave out, or nil.
func (t *Crypto) Session(id uint64) *secure.Session {
	if s := t.streams[id]; s != nil {
		return s.session
	}
	return nil
}

// Explain returns the warning that PHP gives when a read or a write of a session fails so,
// "" where it says nothing.
func (t *Crypto) Explain(id uint64, err error) string {
	s := t.streams[id]
	if s == nil {
		return ""
	}
	words := Explain(err, s.server)
	if words.Kind == LibraryError && s.failed {
		words = AfterFailure() // crypto/tls says the same again
	}
	s.failed = s.failed || words.Kind == LibraryError
	return t.Release.text(words)
}

// Close ends a session without a word to the peer.
func (t *Crypto) Close(id uint64) {
	if s := t.streams[id]; s != nil {
		delete(t.streams, id)
		s.session.Close()
	}
}

// Relay ends a session with a connection that goes on with it, on goroutines; see
// [secure.Session.Conn].
func (t *Crypto) Relay(id uint64) (net.Conn, error) {
	s := t.streams[id]
	if s == nil {
		return nil, net.ErrClosed
	}
	conn, err := s.session.Conn()
	if err == nil {
		delete(t.streams, id)
	}
	return conn, err
}

// CloseTransient ends the sessions of all streams that are not persistent, and says how
// many there were.
func (t *Crypto) CloseTransient() int {
	n := 0
	for id, s := range t.streams {
		if !s.persistent {
			t.Close(id)
			n++
		}
	}
	return n
}

// Len returns how many sessions there are.
func (t *Crypto) Len() int { return len(t.streams) }

func (t *Crypto) add(s *stream) uint64 {
	if t.streams == nil {
		t.streams = make(map[uint64]*stream)
	}
	t.last++
	t.streams[t.last] = s
	return t.last
}

// warnOnce tells a script of something once a run.
func (t *Crypto) warnOnce(c *phpext.Call, text string) {
	if run := c.Run(); run != t.run || t.warned == nil {
		t.run, t.warned = run, make(map[string]bool)
	}
	if !t.warned[text] {
		t.warned[text] = true
		c.Warn("%s", text)
	}
}

// verify is what crypto/tls asks about the peer in the handshake. What it refuses is not
// captured, as in PHP.
func (s *stream) verify(state tls.ConnectionState) error {
	peer := state.PeerCertificates
	if s.verifies(state) {
		if err := Verify(peer, s.settings.verification); err != nil {
			return err
		}
	}
	s.peer = peer
	return nil
}

func (s *stream) verifies(state tls.ConnectionState) bool {
	switch {
	case !s.settings.verifies, s.server && len(state.PeerCertificates) == 0:
		return false
	case state.DidResume: // it was verified by the same settings, while it was valid
		return !s.server && s.resumption.foreign || time.Now().After(state.PeerCertificates[0].NotAfter)
	}
	return true
}
