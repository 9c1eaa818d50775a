package faultnet

import (
	"net"
	"slices"
	"time"
)

// holdTime is how long a datagram waits at most for another to overtake it,
// where its rule does not say.
const holdTime = 50 * time.Millisecond

// datagram is one on its way.
type datagram struct {
	data []byte
	addr net.Addr // where from or where to, nil for the connected peer
	due  time.Time
	held bool // until another one has gone
}

// flight is the datagrams of one direction that are on their way, in the order
// in which they arrive.
type flight []datagram

// launch sends one off as the verdict says.
func (f *flight) launch(d datagram, v verdict, now time.Time) {
	d.due = now.Add(v.delay)
	switch v.do {
	case Drop:
		return
	case Reorder:
		if v.delay == 0 {
			d.due = now.Add(holdTime)
		}
		d.held = true
		f.insert(d)
		return
	case Duplicate:
		f.insert(d)
	}
	f.insert(d)
	f.release(d.due)
}

// release ends the waiting of the one that is held.
func (f *flight) release(due time.Time) {
	i := slices.IndexFunc(*f, func(d datagram) bool { return d.held })
	if i < 0 {
		return
	}
	d := (*f)[i]
	*f = slices.Delete(*f, i, i+1)
	d.held, d.due = false, due
	f.insert(d)
}

// holding tells whether one is held.
func (f flight) holding() bool {
	return slices.ContainsFunc(f, func(d datagram) bool { return d.held })
}

// insert keeps those that are due at the same time in the order of the calls.
func (f *flight) insert(d datagram) {
	i := slices.IndexFunc(*f, func(other datagram) bool { return other.due.After(d.due) })
	if i < 0 {
		i = len(*f)
	}
	*f = slices.Insert(*f, i, d)
}

// land takes the first one out if it is due.
func (f *flight) land(now time.Time) (datagram, bool) {
	if len(*f) == 0 || (*f)[0].due.After(now) {
		return datagram{}, false
	}
	d := (*f)[0]
	*f = slices.Delete(*f, 0, 1)
	return d, true
}

// next gives the time at which the next one is due, zero for none.
func (f flight) next() time.Time {
	if len(f) == 0 {
		return time.Time{}
	}
	return f[0].due
}
