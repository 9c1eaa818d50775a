// Package waits lists what a script may be in the middle of when the context of its run
// is cancelled, with the peers that keep it there. It knows no PHP: package cancel, the
// program beside it, runs the scripts.
package waits

import (
	"sync"
	"time"
)

// Late is how many seconds a wait takes at most that no cancel ends: the scripts have
// limits of their own, or their peer gives up. They come after [Limit].
const Late = 4 * time.Second

// Limit is how long after the cancel a run may return and still count as ended by it.
// Then the peer closes.
const Limit = 2 * time.Second

// Wait is one line of the table.
type Wait struct {
	// Name tells it from the others.
	Name string
	// What is what the script is in the middle of, for readers.
	What string
	// Code is the script. It prints "up", and nothing else, right before it waits, and
	// has $late, the seconds of [Late], for limits of its own.
	Code string
	// Peer makes the other side; nil where the script has all that it waits for.
	Peer func() (*Peer, error)
	// Busy says that the script computes and does not wait.
	Busy bool
}

// Peer is the other side of one run of a script. It keeps the script waiting until it is
// closed.
type Peer struct {
	// Vars are global variables of the script: "address", "path" and the like.
	Vars map[string]any

	mu     sync.Mutex
	closed bool
	undo   []func()
}

// Close ends the wait and lets go of everything. It may be called again, and at the same
// time.
func (p *Peer) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for i := len(p.undo) - 1; i >= 0; i-- {
		p.undo[i]()
	}
	p.undo = nil
}

// onClose has f called by Close; at once if that has been.
func (p *Peer) onClose(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		f()
		return
	}
	p.undo = append(p.undo, f)
}

// Measured is one measurement, as package cancel prints it: a line of JSON.
type Measured struct {
	Name  string `json:"name"` // of the Wait
	Round int    `json:"round"`
	// Latency is the time from the cancel to the return of the run.
	Latency time.Duration `json:"latency_ns"`
	// Ended says that the cancel ended it, and not its peer or its own limit.
	Ended bool `json:"ended"`
	// Failure says why there is no measurement, else it is "".
	Failure string `json:"failure,omitempty"`
}
