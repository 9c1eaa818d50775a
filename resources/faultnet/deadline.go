package faultnet

import (
	"sync"
	"time"
)

// deadline is a time limit that can be waited for and moved while it is.
type deadline struct {
	mu     sync.Mutex
	at     time.Time
	passed chan struct{} // closed when it has
	timer  *time.Timer
	serial int // of the last call of set; an older timer does nothing
}

func newDeadline() *deadline { return &deadline{passed: make(chan struct{})} }

// set moves the limit; the zero time is none.
func (d *deadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = t
	d.serial++
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	if isClosed(d.passed) {
		d.passed = make(chan struct{})
	}
	if t.IsZero() {
		return
	}
	left := time.Until(t)
	if left <= 0 {
		close(d.passed)
		return
	}
	serial := d.serial
	d.timer = time.AfterFunc(left, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.serial == serial {
			close(d.passed)
		}
	})
}

func (d *deadline) time() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *deadline) done() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.passed
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
