package php

import (
	"slices"
	"sync"
	"time"
)

// turn says which context has the engine. The zero turn is nobody's.
type turn struct {
	mu     sync.Mutex
	holder *Context
	idle   bool // the holder is not in a call
	queue  []*waiter
}

// waiter is a context that wants the engine.
type waiter struct {
	context *Context
	granted chan struct{} // closed once it has the engine
	changed chan struct{} // holds a token after the holder or its being idle has changed
}

// take waits for c's turn: until the engine is free, the holder has been idle for
// patience (negative: never too long), or c is destroyed.
func (t *turn) take(c *Context, patience time.Duration) error {
	t.mu.Lock()
	if t.holder == nil {
		t.holder, t.idle = c, false
		t.mu.Unlock()
		return nil
	}
	w := &waiter{context: c, granted: make(chan struct{}), changed: make(chan struct{}, 1)}
	t.queue = append(t.queue, w)
	t.mu.Unlock()
	for {
		var late <-chan time.Time
		if patience >= 0 && t.isIdle() {
			late = time.After(patience)
		}
		select {
		case <-w.granted:
			return nil
		case <-w.changed:
		case <-late:
			return t.leave(w, ErrActive)
		case <-c.destroyed:
			return t.leave(w, ErrDestroyed)
		}
	}
}

// leave takes w out of the queue, unless it was granted its turn this moment, which
// beats being late.
func (t *turn) leave(w *waiter, err error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.queue, w); i >= 0 {
		t.queue = slices.Delete(t.queue, i, i+1)
		return err
	}
	return nil
}

func (t *turn) isIdle() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.idle
}

// setIdle says whether c is in a call. It does nothing if it is not c's turn.
func (t *turn) setIdle(c *Context, idle bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.holder == c {
		t.idle = idle
		t.tell()
	}
}

// release gives the turn to the one that has waited longest.
func (t *turn) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.holder, t.idle = nil, false
	if len(t.queue) > 0 {
		w := t.queue[0]
		t.queue = t.queue[1:]
		t.holder = w.context
		close(w.granted)
	}
	t.tell()
}

// tell is called with the lock held.
func (t *turn) tell() {
	for _, w := range t.queue {
		select {
		case w.changed <- struct{}{}:
		default:
		}
	}
}
