package ssl

import (
	"context"
	"encoding/pem"
	"errors"
	"time"

	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources/secure"
)

// handshakeFunction goes on with a stream's handshake: to its end, or to the next moment
// that it has to wait for where the stream does not block. The limits are milliseconds, not
// positive: none; the host's counts from the first call on. It returns a list: true, false
// or 0 as stream_socket_enable_crypto() does; whose time was over, see the constants; what
// stream_get_meta_data() tells; the peer's certificate, or null; its chain, null where it
// has none and false where nobody asked; what was received and is no TLS; and whether there
// is something to be read already.
func (t *Crypto) handshakeFunction() phpext.Function {
	return phpext.Function{
		Prototype: "tls_handshake(int $id, bool $blocks, int $limit, int $host_limit): array",
		Call: func(c *phpext.Call) (phpext.Value, error) {
			s := t.streams[uint64(c.Int(0))]
			if s == nil {
				return phpext.Bool(false), nil
			}
			now := time.Now()
			if s.begun.IsZero() {
				s.begun = now
			}
			a := &attempt{stream: s, release: t.Release, blocks: c.Bool(1)}
			if ms := c.Int(2); ms > 0 && a.blocks {
				a.end = now.Add(time.Duration(ms) * time.Millisecond)
			}
			if ms := c.Int(3); ms > 0 {
				a.hostEnd = s.begun.Add(time.Duration(ms) * time.Millisecond)
			}
			return a.step(c)
		},
		Hidden: true,
	}
}

// Whose time was over.
const (
	notTimedOut = iota
	timedOutOfPHP
	timedOutOfHost
)

// attempt is one call of the row.
type attempt struct {
	*stream
	release      Release
	blocks       bool
	end, hostEnd time.Time // zero: never
}

// left is the time for one more wait, negative without a limit; over says that there is
// none.
func (a *attempt) left() (left time.Duration, over int) {
	left = -1
	for _, limit := range []struct {
		end  time.Time
		over int
	}{{a.end, timedOutOfPHP}, {a.hostEnd, timedOutOfHost}} {
		if limit.end.IsZero() {
			continue
		}
		until := time.Until(limit.end)
		if until <= 0 {
			return 0, limit.over
		}
		if left < 0 || until < left {
			left = until
		}
	}
	return left, notTimedOut
}

func (a *attempt) step(c *phpext.Call) (phpext.Value, error) {
	left, over := a.left()
	if over == timedOutOfHost && !a.blocks {
		return a.timedOut(c, over)
	}
	want, err := a.session.Handshake(context.Background())
	var panicked *secure.PanicError
	switch {
	case errors.As(err, &panicked):
		panic(&phpext.Panic{Value: panicked.Value, Stack: panicked.Stack})
	case err != nil:
		return a.failed(c, err)
	case want == secure.WantNothing:
		return a.succeeded(c)
	case over != notTimedOut:
		return a.timedOut(c, over)
	}
	wait := phpext.Wait{FD: a.fd, Events: unix.POLLIN, Timeout: roundUp(left)}
	switch want {
	case secure.WantWrite:
		wait.Events = unix.POLLOUT
	case secure.WantWake:
		wait.FD, wait.Events = -1, 0
	}
	if !a.blocks && want != secure.WantWake {
		return result(phpext.Int(0), notTimedOut, nil), nil
	}
	return c.Await(wait, func(c *phpext.Call, r phpext.Ready) (phpext.Value, error) {
		if r == phpext.ReadyCancelled {
			return phpext.Null(), nil
		}
		return a.step(c) // it is known there whether the time is over
	})
}

// roundUp makes whole milliseconds, which are what a wait counts.
func roundUp(d time.Duration) time.Duration {
	if d < 0 {
		return d
	}
	return (d + time.Millisecond - 1).Truncate(time.Millisecond)
}

func (a *attempt) timedOut(c *phpext.Call, over int) (phpext.Value, error) {
	c.Warn("SSL: Handshake timed out")
	return result(phpext.Bool(false), int64(over), nil, phpext.Null(), phpext.Bool(false), a.leftover()), nil
}

func (a *attempt) failed(c *phpext.Call, err error) (phpext.Value, error) {
	words := Explain(err, a.server)
	if words.Kind == LibraryError && a.stream.failed {
		words = AfterFailure() // the handshake is asked for again
	}
	a.stream.failed = a.stream.failed || words.Kind == LibraryError
	if text := a.release.text(words); text != "" {
		c.Warn("%s", text)
	}
	certificate, chain := a.captured(options{c.StreamContext()})
	return result(phpext.Bool(false), notTimedOut, nil, certificate, chain, a.leftover()), nil
}

func (a *attempt) succeeded(c *phpext.Call) (phpext.Value, error) {
	o := options{c.StreamContext()}
	state := a.session.State()
	a.peer = state.PeerCertificates
	certificate, chain := a.captured(o)
	if !a.accepts(c, o) {
		a.session.CloseWrite()
		return result(phpext.Bool(false), notTimedOut, nil, certificate, chain, a.leftover()), nil
	}
	readable := phpext.Int(0)
	if a.session.Readable(false) {
		readable = phpext.Int(1)
	}
	return result(phpext.Bool(true), notTimedOut, MetaData(state), certificate, chain, phpext.Null(), readable), nil
}

func (a *attempt) leftover() phpext.Value { return phpext.String(string(a.session.Leftover())) }

// result puts the row's list together; what is left out is null.
func result(outcome phpext.Value, timedOut int64, crypto *phpext.Array, rest ...phpext.Value) phpext.Value {
	list := []phpext.Value{outcome, phpext.Int(timedOut), phpext.ArrayValue(crypto)}
	return phpext.List(append(list, rest...)...)
}

// captured returns the certificates that the options ask for, as PEM.
func (s *stream) captured(o options) (certificate, chain phpext.Value) {
	chain = phpext.Bool(false)
	if len(s.peer) == 0 {
		return certificate, chain // PHP leaves the options alone
	}
	if o.truth("capture_peer_cert") {
		certificate = pemOf(s.peer[0].Raw)
	}
	if o.truth("capture_peer_cert_chain") {
		certificates := s.peer
		if s.server {
			certificates = certificates[1:] // OpenSSL leaves a client's own one out
		}
		chain = phpext.Null()
		if len(certificates) > 0 {
			all := phpext.NewArray()
			for _, c := range certificates {
				all.Append(pemOf(c.Raw))
			}
			chain = phpext.ArrayValue(all)
		}
	}
	return certificate, chain
}

func pemOf(der []byte) phpext.Value {
	return phpext.String(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
}

// accepts is what PHP asks of a peer after the handshake. With a configuration of the host
// crypto/tls has asked already, and only what the script says itself comes on top.
func (a *attempt) accepts(c *phpext.Call, o options) bool {
	usually := !a.server && !a.settings.host
	verifyPeer, verifyName := o.truthOr("verify_peer", usually), o.truthOr("verify_peer_name", usually)
	fingerprint, verifyFingerprint := o.get("peer_fingerprint")
	if len(a.peer) == 0 {
		if verifyPeer || verifyName || verifyFingerprint {
			c.Warn("Could not get peer certificate")
			return false
		}
		return true
	}
	if verifyFingerprint && !a.hasFingerprint(c, fingerprint) {
		return false
	}
	return !verifyName || a.hasName(c, o)
}

// hasName fails without a word where there is no name to compare with, as in a server.
func (a *attempt) hasName(c *phpext.Call, o options) bool {
	name, ok := o.text("peer_name")
	if !ok {
		name = a.name
	}
	if !ok && name == "" {
		return false
	}
	ok, warning := MatchName(a.peer[0], name, a.release.strictNames())
	if warning != "" {
		c.Warn("%s", warning)
	}
	return ok
}

func (a *attempt) hasFingerprint(c *phpext.Call, want phpext.Value) bool {
	if want.Kind() != phpext.KindString && want.Kind() != phpext.KindArray {
		c.Warn("Expected peer fingerprint must be a string or an array")
		return false
	}
	ok, warnings := MatchFingerprint(a.peer[0], want)
	for _, text := range warnings {
		c.Warn("%s", text)
	}
	if !ok {
		c.Warn("peer_fingerprint match failure")
	}
	return ok
}
