//go:build cgo

package bridge

/*
#include "bridge.h"
*/
import "C"

import (
	"slices"
	"sync"
	"time"

	"github.com/phpsock/phpsock/resources"
)

// recentRuns is how many ended runs [Stats] tells of.
const recentRuns = 32

// status is what the engine tells of itself.
type status struct {
	mu       sync.Mutex
	started  time.Time
	runs     uint64
	current  *RunInfo // replaced, never changed
	end      func(error)
	ended    chan struct{} // closed when the current run is over
	recent   []RunInfo     // oldest first
	accepted uint64
	closed   resources.Traffic // of sockets that are no more
}

// begin notes a run down; end cancels it with a cause.
func (s *status) begin(script string, end func(error)) *RunInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	C.bridge_drain_reset()
	s.runs++
	s.current = &RunInfo{ID: s.runs, Script: script, Started: time.Now()}
	s.end, s.ended = end, make(chan struct{})
	return s.current
}

func (s *status) finish(result *Result, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	info := *s.current
	info.Ended = time.Now()
	if result != nil {
		info.ExitStatus = result.ExitStatus
	}
	if err != nil {
		info.Err = err.Error()
	}
	s.recent = append(s.recent, info)
	if len(s.recent) > recentRuns {
		s.recent = slices.Clone(s.recent[len(s.recent)-recentRuns:])
	}
	close(s.ended)
	s.current, s.end, s.ended = nil, nil, nil
}

// drain begins to drain the current run, and no other that may begin meanwhile. It returns
// what is needed to wait for its end and to bring that about; ended is nil between runs.
func (s *status) drain() (ended <-chan struct{}, end func(error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil {
		C.bridge_drain()
	}
	return s.ended, s.end
}

// now returns the run under way, or the zero value.
func (s *status) now() RunInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil {
		return RunInfo{}
	}
	return *s.current
}

func (s *status) countAccept() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accepted++
}

func (s *status) countClosed(t resources.Traffic) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed.In += t.In
	s.closed.Out += t.Out
}

// Stats tells what the engine does and has done, with every open socket.
func (e *Engine) Stats() Stats {
	// Before the lock is held, because these read the journal, which takes it.
	sockets, opened := e.sockets.List(), e.sockets.Opened()
	s := &e.status
	s.mu.Lock()
	defer s.mu.Unlock()
	stats := Stats{
		Version: Version(), Started: s.started, Runs: s.runs, Run: s.current,
		Opened: opened, Accepted: s.accepted, Sockets: sockets,
		BytesIn: s.closed.In, BytesOut: s.closed.Out,
		Draining: s.current != nil && C.bridge_draining() != 0,
		Recent:   slices.Clone(s.recent),
	}
	slices.Reverse(stats.Recent)
	for _, socket := range sockets {
		stats.BytesIn += socket.BytesIn
		stats.BytesOut += socket.BytesOut
	}
	return stats
}
