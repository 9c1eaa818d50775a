package ssl

import "crypto/tls"

// resumption is where a client looks for the session that it goes on with, and keeps the
// one that it got. It is that of all streams with the same settings to the same place, or
// of the stream that a script names.
type resumption struct {
	cache   tls.ClientSessionCache
	key     string
	foreign bool // of other settings: what they verified does not count
}

func (r *resumption) Get(string) (*tls.ClientSessionState, bool) { return r.cache.Get(r.key) }

func (r *resumption) Put(_ string, state *tls.ClientSessionState) { r.cache.Put(r.key, state) }

// resume gives a client its session cache.
func (t *Crypto) resume(s *stream, r *request, o options) {
	s.resumption = &resumption{cache: s.settings.sessions, key: r.peerName(o) + "|" + r.target}
	if other := t.streams[r.like]; other != nil && other.resumption != nil {
		s.resumption = &resumption{
			cache: other.resumption.cache, key: other.resumption.key, foreign: other.settings != s.settings,
		}
	}
}
