package secure

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
)

// Want says what a session waits for.
type Want uint8

const (
	// WantNothing: it is done.
	WantNothing Want = iota
	// WantRead: the descriptor has to become readable.
	WantRead
	// WantWrite: the descriptor has to become writable.
	WantWrite
	// WantWake: a function of the configuration has to return, which the function given
	// to [New] tells.
	WantWake
)

// ErrRetry is given where a write is not repeated with what it was begun with.
var ErrRetry = errors.New("secure: a write was not repeated")

// Session is TLS on one descriptor. One goroutine at a time may use it.
type Session struct {
	wire wire
	conn *tls.Conn
	wake func()

	shake   *handshake // nil before the first step and after the last
	shaken  bool       // the handshake is over
	failure error      // and failed

	ahead  []byte // decrypted and not read: a part of buffer
	buffer []byte // pooled; nil while nothing is kept
	end    error  // of what can be read, once ahead is empty
	told   bool   // the user of the session knows of the end
	owed   int    // bytes that were encrypted, and of which Write has not told yet
}

// Options describe a session beside its [tls.Config].
type Options struct {
	// Server: the session answers, and does not begin.
	Server bool
	// Local and Remote are what functions of the configuration see of the connection;
	// nil: nothing.
	Local, Remote net.Addr
	// Owner is what [OwnerOf] tells of the connection that the configuration's functions
	// see.
	Owner any
	// Wake is called, from any goroutine, when what a handshake waited for with WantWake
	// has come. It must not be nil.
	Wake func()
}

// New makes a session on a connected socket. The descriptor stays the caller's, who
// closes it after [Session.Close]; it may block or not.
func New(fd int, config *tls.Config, o Options) *Session {
	s := &Session{wire: wire{fd: fd, local: o.Local, remote: o.Remote, owner: o.Owner}, wake: o.Wake}
	if o.Server {
		s.conn = tls.Server(&s.wire, config)
	} else {
		s.conn = tls.Client(&s.wire, config)
	}
	return s
}

// OwnerOf tells whose session a connection is, as [tls.ClientHelloInfo] has it; nil for a
// connection of somebody else.
func OwnerOf(conn net.Conn) any {
	if w, ok := conn.(*wire); ok {
		return w.owner
	}
	return nil
}

// State tells what was agreed on in a handshake that is over.
func (s *Session) State() tls.ConnectionState { return s.conn.ConnectionState() }

// Read gives what was decrypted, as much as is here and p has room for. Without anything it wants something
// and n is 0. The error is [io.EOF] where the peer has ended the session or the
// connection; an errno; or one of crypto/tls.
func (s *Session) Read(p []byte) (n int, want Want, err error) {
	if len(s.ahead) == 0 {
		if len(p) >= maxPlain && s.end == nil {
			n, err = s.decrypt(p)
			for n > 0 && s.end == nil && len(p)-n >= maxPlain && s.wire.holdsRecord() {
				more, _ := s.decrypt(p[n:]) // an error is for the next call
				n += more
			}
			s.told = n == 0 && s.end != nil
			return n, s.wanted(n, err), ended(n, err)
		}
		s.look()
	}
	if len(s.ahead) > 0 {
		n = copy(p, s.ahead)
		s.ahead = s.ahead[n:]
		s.release()
		return n, WantNothing, nil
	}
	s.told = s.end != nil
	return 0, s.wanted(0, s.end), ended(0, s.end)
}

// ended tells an end from a moment without news.
func ended(n int, err error) error {
	if n > 0 || errors.Is(err, wouldBlock{}) {
		return nil
	}
	return err
}

func (s *Session) wanted(n int, err error) Want {
	if n > 0 || ended(n, err) != nil {
		return WantNothing
	}
	return WantRead
}

// decrypt reads one record, whose end may be that of the session.
func (s *Session) decrypt(p []byte) (int, error) {
	n, err := s.conn.Read(p)
	if err != nil && ended(0, err) != nil {
		s.end = err
	}
	if len(s.wire.out) > 0 { // an answer to what was no data
		_, _ = s.wire.flush() // the next write has its error
	}
	return n, err
}

// look decrypts the next record, if there is one, into the session's own buffer. Nothing
// stays in crypto/tls, which would not tell.
func (s *Session) look() {
	if len(s.ahead) > 0 || s.end != nil {
		return
	}
	if s.buffer == nil {
		s.buffer = newBuffer(false)
	}
	n, _ := s.decrypt(s.buffer)
	s.ahead = s.buffer[:n]
	s.release()
}

func (s *Session) release() {
	if len(s.ahead) == 0 && s.buffer != nil {
		freeBuffer(s.buffer)
		s.ahead, s.buffer = nil, nil
	}
}

// Alive tells whether there is, or may come, something to read, without waiting.
func (s *Session) Alive() bool {
	s.look()
	s.told = len(s.ahead) == 0 && s.end != nil
	return !s.told
}

// Readable tells whether Read has something to say that the descriptor knows nothing of.
// If settle is not set it may take a record that holds no data for one that does.
func (s *Session) Readable(settle bool) bool {
	if !settle && s.unsettled() {
		return true
	}
	s.wire.offline = true
	for s.unsettled() {
		s.look()
	}
	s.wire.offline = false
	return len(s.ahead) > 0 || s.end != nil && !s.told
}

// unsettled: there is a record, and nobody knows of what.
func (s *Session) unsettled() bool {
	return len(s.ahead) == 0 && s.end == nil && s.wire.holdsRecord()
}

// Write encrypts and sends p, or the beginning of it: n bytes are on their way. If n is 0
// and it wants something, the caller repeats the call with the same data, as with any
// other TLS: part of it may be encrypted. In larger pieces it is faster, in smaller ones
// it tells earlier how far it has come. The error is an errno, or [io.EOF] where it is because
// the peer has ended the session, which was read.
func (s *Session) Write(p []byte, large bool) (n int, want Want, err error) {
	if s.refused() {
		return 0, WantNothing, io.EOF
	}
	if done, err := s.wire.flush(); err != nil || !done {
		return 0, WantWrite, s.only(0, err)
	}
	if s.owed > len(p) {
		return 0, WantNothing, ErrRetry
	}
	n, s.owed = s.owed, 0
	piece := maxPlain
	if large {
		piece = maxWrite
	}
	for n < len(p) && n < maxWrite {
		part := p[n:min(len(p), n+piece)]
		s.wire.much = len(part) > maxPlain
		if _, err := s.conn.Write(part); err != nil {
			return n, WantNothing, s.only(n, err)
		}
		done, err := s.wire.flush()
		if err != nil {
			return n, WantNothing, s.only(n, err)
		}
		if !done {
			s.owed = len(part)
			break
		}
		n += len(part)
	}
	if n == 0 && s.owed > 0 {
		return 0, WantWrite, nil
	}
	return n, WantNothing, nil
}

// refused tells whether an alert of the peer's was read, which is the end of both directions.
// crypto/tls ends only the one, and would send to a peer that has given up; OpenSSL does not,
// and takes it for a connection that was closed.
func (s *Session) refused() bool {
	var operation *net.OpError
	return errors.As(s.end, &operation) && operation.Op == "remote error"
}

// only gives the error where nothing else is to be told: it comes again. A peer that has said
// goodbye does not listen any more, which is no news.
func (s *Session) only(n int, err error) error {
	switch {
	case n > 0 || err == nil:
		return nil
	case errors.Is(s.end, io.EOF) && s.wire.err == nil:
		return io.EOF
	}
	return err
}

// CloseWrite tells the peer that nothing more will come, as far as the descriptor takes
// it now. What the peer sends can still be read.
func (s *Session) CloseWrite() {
	if s.shaken && s.conn.CloseWrite() == nil {
		_, _ = s.wire.flush()
	}
}

// Leftover takes out what was received and is not TLS, or not any more: nothing while a
// handshake waits for its configuration.
func (s *Session) Leftover() []byte {
	if s.shake != nil && s.shake.stage == computing {
		return nil
	}
	left := append([]byte(nil), s.wire.in...)
	if len(s.wire.in) > 0 {
		s.wire.release()
	}
	return left
}

// Close ends the session without a word to the peer; the descriptor can be closed then.
func (s *Session) Close() {
	if s.shake != nil {
		mine := s.shake.abandon()
		s.shake, s.shaken, s.failure = nil, true, errAbandoned
		if !mine {
			return // the buffers, too, are left to the goroutine
		}
	}
	s.ahead = nil
	s.release()
	if s.wire.buffer != nil {
		s.wire.release()
	}
	if s.wire.out != nil {
		freeBuffer(s.wire.out[:cap(s.wire.out)])
		s.wire.out = nil
	}
	if s.end == nil {
		s.end = io.EOF
	}
}
