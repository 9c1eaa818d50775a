package resources

import (
	"cmp"
	"context"
	"math"
	"time"

	"golang.org/x/time/rate"
)

// Limits bound what the sockets of an engine or of one run may do. The zero
// value of a field is no limit.
type Limits struct {
	// OpenSockets is how many sockets may be open at once. One more fails with
	// EMFILE.
	OpenSockets int
	// AcceptRate is how many connections may be accepted per second, over all
	// listeners. The others wait in the queue.
	AcceptRate float64
	// ReadRate and WriteRate are the bytes per second that all sockets
	// together may receive and send. Who is faster waits.
	ReadRate, WriteRate int64
	// DatagramSize is the largest datagram in bytes. A larger one is not sent,
	// which fails with EMSGSIZE, and dropped when it is received.
	DatagramSize int
	// HandshakeTimeout is the longest time that a TLS handshake may take.
	HandshakeTimeout time.Duration
}

// And gives the limits that keep to both: of each, the lower that is one.
func (l Limits) And(other Limits) Limits {
	return Limits{
		OpenSockets:      tighter(l.OpenSockets, other.OpenSockets),
		AcceptRate:       tighter(l.AcceptRate, other.AcceptRate),
		ReadRate:         tighter(l.ReadRate, other.ReadRate),
		WriteRate:        tighter(l.WriteRate, other.WriteRate),
		DatagramSize:     tighter(l.DatagramSize, other.DatagramSize),
		HandshakeTimeout: tighter(l.HandshakeTimeout, other.HandshakeTimeout),
	}
}

func tighter[T cmp.Ordered](a, b T) T {
	var none T
	if a <= none || b > none && b < a {
		return b
	}
	return a
}

// Rates share out what [Limits] allow per second among the sockets that they
// are put on by [Throttle]. They are token buckets that hold a tenth of a
// second's worth, at least 4 KiB or one connection, so that what comes now and
// then does not wait. Sockets that wait take turns. Rates are safe for
// concurrent use; the nil *Rates limits nothing.
type Rates struct {
	accept, read, write limiters
}

// limiters all apply.
type limiters []*rate.Limiter

// minBurst is what may always go at once, in bytes.
const minBurst = 4 << 10

// maxPortion is how much one socket takes at a time, however much is allowed,
// so that the others get their turn.
const maxPortion = 32 << 10

// NewRates makes rates that keep to all of the given limits, and nil where none
// of them limits a rate. What else they limit is not its subject.
func NewRates(l ...Limits) *Rates {
	r := new(Rates)
	for _, limits := range l {
		r.accept = r.accept.with(limits.AcceptRate, 1)
		r.read = r.read.with(float64(limits.ReadRate), minBurst)
		r.write = r.write.with(float64(limits.WriteRate), minBurst)
	}
	if r.accept == nil && r.read == nil && r.write == nil {
		return nil
	}
	return r
}

func (l limiters) with(perSecond float64, burst float64) limiters {
	if perSecond <= 0 || math.IsNaN(perSecond) {
		return l
	}
	burst = min(max(perSecond/10, burst), math.MaxInt32)
	return append(l, rate.NewLimiter(rate.Limit(perSecond), int(burst)))
}

// wait takes n tokens of each. The error is that of ctx.
func (l limiters) wait(ctx context.Context, n int) error {
	for _, limiter := range l {
		for left := n; left > 0; {
			portion := min(left, limiter.Burst())
			if err := limiter.WaitN(ctx, portion); err != nil {
				return err
			}
			left -= portion
		}
	}
	return nil
}

// portion is how many bytes a socket should carry at a time, 0 for any number:
// what a tenth of a second allows, so that slow is not the same as by fits and
// starts.
func (l limiters) portion() int {
	size := 0
	for _, limiter := range l {
		portion := int(min(max(limiter.Limit()/10, 1), maxPortion))
		if size == 0 || portion < size {
			size = portion
		}
	}
	return size
}

func (r *Rates) waitAccept(ctx context.Context) error {
	if r == nil {
		return nil
	}
	return r.accept.wait(ctx, 1)
}

func (r *Rates) waitRead(ctx context.Context, n int) error {
	if r == nil {
		return ctx.Err()
	}
	return r.read.wait(ctx, n)
}

func (r *Rates) waitWrite(ctx context.Context, n int) error {
	if r == nil {
		return ctx.Err()
	}
	return r.write.wait(ctx, n)
}

func (r *Rates) readSize() int {
	if r == nil {
		return 0
	}
	return r.read.portion()
}

func (r *Rates) writeSize() int {
	if r == nil {
		return 0
	}
	return r.write.portion()
}
