package faultnet

import (
	"math"
	"strings"
	"sync"
	"time"
)

// subject is whom operations are counted for: the network itself for Dial and
// Listen, a listener or a connection.
type subject struct {
	faults   *Network
	side     Side
	id       int
	network  string
	address  string
	alias    string // another address by which rules may name it
	datagram bool
	*tally
}

// tally counts operations, for each rule and step by itself.
type tally struct {
	mu     sync.Mutex
	counts map[countKey]*count
}

type countKey struct {
	rule int
	op   Op
}

type count struct{ seen, struck int }

// verdict is what the rules together want done with one operation.
type verdict struct {
	delay time.Duration
	chunk int // 0: no limit
	err   error
	do    Action
	// segment is how many bytes may pass before another rule begins.
	segment int64
	// healed ends a Hang.
	healed <-chan struct{}
}

// stage picks among the rules for datagrams: those about a call, those about a
// datagram on its way. Streams know no difference.
type stage uint8

const (
	anyStage stage = iota
	callStage
	flightStage
)

// operation is what there is to know about one operation.
type operation struct {
	op     Op
	stage  stage
	offset int64 // bytes that have passed in its direction
	length int   // bytes that it wants to move
	held   bool  // a datagram is being held back already
}

// decide asks every rule and makes a note of those that strike.
func (s *subject) decide(o operation) verdict {
	book := s.faults.book.Load()
	v := verdict{segment: math.MaxInt64, healed: book.healed}
	for i := range book.rules {
		r := &book.rules[i]
		i := book.first + i
		if !s.concerns(r, o) {
			continue
		}
		if rest := r.AfterBytes - o.offset; rest > 0 {
			v.segment = min(v.segment, rest)
			continue
		}
		if r.final() && (v.err != nil || v.do != 0) || r.Do == Reorder && o.held {
			s.pass(i, o.op)
			continue
		}
		if r.Chunk > 0 && !r.final() && r.Delay+r.Jitter == 0 && r.Chunk >= o.length {
			s.pass(i, o.op)
			continue // nothing to cut
		}
		n, strikes := s.strikes(i, r, o.op)
		if !strikes {
			continue
		}
		delay := r.Delay
		if r.Jitter > 0 {
			delay += time.Duration(s.roll(i, o.op, n, "jitter") * float64(r.Jitter))
		}
		v.delay += delay
		if r.Chunk > 0 && (v.chunk == 0 || r.Chunk < v.chunk) {
			v.chunk = r.Chunk
		}
		if r.final() {
			v.err, v.do = r.Err, r.Do
		}
		s.faults.note(Injection{Rule: i, Op: o.op, Side: s.side, Conn: s.id, Network: s.network, Address: s.address,
			N: n, Offset: o.offset, Delay: delay, Chunk: r.Chunk, Err: r.Err, Do: r.Do})
	}
	return v
}

// concerns tells whether the rule is about this operation at all.
func (s *subject) concerns(r *Rule, o operation) bool {
	switch {
	case r.Op&o.op == 0,
		r.Side != 0 && r.Side != s.side,
		r.Conn != 0 && r.Conn != s.id,
		r.Network != "" && r.Network != s.network && r.Network != strings.TrimRight(s.network, "46"),
		r.Address != "" && !addressed(r.Address, s.address) && !addressed(r.Address, s.alias),
		o.op&transfers != 0 && !r.fits(s.datagram):
		return false
	}
	switch o.stage {
	case callStage:
		return !r.inFlight()
	case flightStage:
		return r.inFlight()
	}
	return true
}

func addressed(wanted, address string) bool {
	if strings.HasPrefix(wanted, ":") {
		return strings.HasSuffix(address, wanted)
	}
	return wanted == address
}

// pass counts an operation that the rule cannot strike.
func (t *tally) pass(rule int, op Op) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counter(rule, op).seen++
}

// strikes counts the operation and tells its number and whether the rule
// strikes it.
func (s *subject) strikes(rule int, r *Rule, op Op) (n int, yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counter(rule, op)
	c.seen++
	n = c.seen
	switch {
	case n <= r.Skip,
		r.Every > 1 && (n-r.Skip)%r.Every != 0,
		r.Times > 0 && c.struck >= r.Times,
		r.P > 0 && s.roll(rule, op, n, "strike") >= r.P:
		return n, false
	}
	c.struck++
	return n, true
}

func (t *tally) counter(rule int, op Op) *count {
	key := countKey{rule, op}
	c := t.counts[key]
	if c == nil {
		c = &count{}
		if t.counts == nil {
			t.counts = map[countKey]*count{}
		}
		t.counts[key] = c
	}
	return c
}

// roll gives a number in [0,1) that depends on nothing but the seed and on what
// it is for.
func (s *subject) roll(rule int, op Op, n int, purpose string) float64 {
	h := s.faults.seed
	for _, v := range []uint64{uint64(rule), uint64(op), uint64(s.side), uint64(s.id), uint64(n), uint64(purpose[0])} {
		h = mix(h ^ v)
	}
	return float64(h>>11) / (1 << 53)
}

// mix is the output function of the generator SplitMix64.
func mix(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
