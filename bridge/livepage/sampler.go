package livepage

import (
	"time"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

const (
	// sampleEvery is the least time between two samples. It is a little less than the
	// second after which a page asks again, and with several pages open the sample of
	// one is good for all.
	sampleEvery = 900 * time.Millisecond
	// gapAfter is how long nobody may have looked for a rate to be one: an average over
	// an hour is not.
	gapAfter = 10 * time.Second
	// historyLen is how many samples the graphs show: five minutes.
	historyLen = 300
)

// rate is traffic in bytes per second.
type rate struct{ in, out float64 }

// sample is the state of the engine at a moment.
type sample struct {
	time    time.Time
	open    int
	in, out uint64 // bytes since the engine's start
	rate    *rate  // since the sample before; nil where there was none, or long ago
}

// counted is what one socket had at the last sample.
type counted struct {
	in, out uint64
	rate    *rate
}

// sampler makes rates of counters. It remembers the last sample of each socket that is
// open, and a number of samples of the whole.
type sampler struct {
	started time.Time // of the engine
	history []sample
	sockets map[resources.Handle]counted
}

// take makes a sample, unless there is a fresh one.
func (s *sampler) take(now time.Time, stats *bridge.Stats) {
	if !s.started.Equal(stats.Started) {
		*s = sampler{started: stats.Started}
	}
	current := sample{time: now, open: len(stats.Sockets), in: stats.BytesIn, out: stats.BytesOut}
	var seconds float64 // since the last sample; 0: there is none to compare with
	if n := len(s.history); n > 0 {
		last := &s.history[n-1]
		since := now.Sub(last.time)
		if since < sampleEvery {
			return
		}
		if since <= gapAfter {
			seconds = since.Seconds()
			current.rate = newRate(last.in, current.in, last.out, current.out, seconds)
		}
	}
	if len(s.history) == historyLen {
		s.history = append(s.history[:0], s.history[1:]...)
	}
	s.history = append(s.history, current)

	sockets := make(map[resources.Handle]counted, len(stats.Sockets))
	for i := range stats.Sockets {
		info := &stats.Sockets[i]
		c := counted{in: info.BytesIn, out: info.BytesOut}
		if seconds > 0 {
			// A socket that is new has had all of it since: its zero value is right.
			before := s.sockets[info.Handle]
			c.rate = newRate(before.in, c.in, before.out, c.out, seconds)
		}
		sockets[info.Handle] = c
	}
	s.sockets = sockets
}

func newRate(in0, in1, out0, out1 uint64, seconds float64) *rate {
	return &rate{in: perSecond(in0, in1, seconds), out: perSecond(out0, out1, seconds)}
}

// perSecond takes a counter that went back for one that stood still.
func perSecond(before, after uint64, seconds float64) float64 {
	if after < before {
		return 0
	}
	return float64(after-before) / seconds
}

// total gives the rate of the engine at the last sample, nil if there is none.
func (s *sampler) total() *rate {
	if len(s.history) == 0 {
		return nil
	}
	return s.history[len(s.history)-1].rate
}
