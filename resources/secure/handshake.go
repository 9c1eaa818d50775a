package secure

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// patience is how long a step of a handshake may compute before its caller waits
// elsewhere, where the wait can be ended. The functions of the configuration may ask
// others, and take longer.
const patience = 5 * time.Millisecond

// errAbandoned ends the goroutine of a handshake whose session was closed.
var errAbandoned = errors.New("secure: the session was closed")

// PanicError is the error of a handshake in which a function of the configuration
// panicked.
type PanicError struct {
	Value any    // what it panicked with
	Stack []byte // of the goroutine where it happened
}

// Error gives the text of the panic, without the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("secure: handshake panicked: %v", e.Value) }

// handshake is one that is under way. Its goroutine and the user of the session take
// turns: who has the turn has the wire, and only the user of the session makes system
// calls, so that none meets a descriptor that was closed in the meantime.
type handshake struct {
	stage     stage
	err       error // of one that is over
	turn      chan struct{}
	report    chan result
	away      atomic.Bool // nobody waits for the report, so the goroutine wakes somebody
	abandoned atomic.Bool
	cancel    context.CancelFunc
	timer     *time.Timer
}

type stage uint8

const (
	computing stage = iota // the goroutine has the turn
	parked                 // it waits for what the peer sends
	over
)

type result struct {
	stage stage
	err   error
}

// Handshake goes on with the handshake as far as it gets; it is over with WantNothing.
// All later calls give the same error; [io.EOF] says that the peer left, a [*PanicError]
// that the configuration panicked. ctx is that of the configuration's functions.
func (s *Session) Handshake(ctx context.Context) (Want, error) {
	if s.shaken {
		return WantNothing, s.failure
	}
	if s.shake == nil {
		s.begin(ctx)
	}
	for h := s.shake; ; h.goOn() {
		if h.stage == computing && !h.await() {
			return WantWake, nil
		}
		sent, sendErr := s.wire.flush()
		if h.stage == over {
			if !sent && h.err == nil {
				return WantWrite, nil // the last words
			}
			s.shaken, s.failure, s.shake = true, h.err, nil
			return WantNothing, h.err
		}
		if !sent {
			return WantWrite, nil
		}
		switch err := s.wire.receive(); {
		case err != nil && sendErr != nil:
			s.wire.err = sendErr // nobody is going to answer, and this is why
		case err != nil && s.wire.err == nil:
			return WantRead, nil
		}
	}
}

func (s *Session) begin(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	h := &handshake{
		turn: make(chan struct{}, 1), cancel: cancel, timer: time.NewTimer(time.Hour),
		report: make(chan result, 2), // that of a handshake given up may lie behind one that nobody took
	}
	h.timer.Stop()
	tell := func(r result) {
		h.report <- r
		if h.away.Load() {
			s.wake()
		}
	}
	s.shake = h
	s.wire.park = func() error {
		tell(result{stage: parked})
		select {
		case <-h.turn:
		case <-ctx.Done():
		}
		if h.abandoned.Load() {
			return errAbandoned
		}
		return nil
	}
	go func() {
		r := result{stage: over}
		defer func() {
			if reason := recover(); reason != nil {
				r.err = &PanicError{Value: reason, Stack: debug.Stack()}
			}
			cancel()
			s.wire.park = nil
			tell(r)
		}()
		r.err = s.conn.HandshakeContext(ctx)
	}()
}

// await takes the goroutine's report; ok is false where that takes too long.
func (h *handshake) await() (ok bool) {
	var r result
	if !h.away.Load() {
		h.timer.Reset(patience)
		select {
		case r = <-h.report:
			h.timer.Stop()
			h.stage, h.err = r.stage, r.err
			return true
		case <-h.timer.C:
		}
		h.away.Store(true)
	}
	select {
	case r = <-h.report:
		h.away.Store(false)
		h.stage, h.err = r.stage, r.err
		return true
	default:
		return false
	}
}

// goOn gives the goroutine the turn.
func (h *handshake) goOn() {
	h.stage = computing
	h.turn <- struct{}{}
}

// abandon ends the goroutine. It is false where that may still have the wire, because it
// waits for others.
func (h *handshake) abandon() bool {
	h.abandoned.Store(true)
	h.cancel()
	if h.stage == parked {
		h.goOn()
		<-h.report
		return true
	}
	return h.stage == over
}
