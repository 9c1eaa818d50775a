package phpext

import (
	"math"
	"time"
)

// timeout is how long a call may wait; negative: no limit.
type timeout time.Duration

// Poll counts milliseconds in an int; PHP takes longer limits as none.
const maxTimeoutSeconds = (math.MaxInt32 - 1000) / 1000

// microsecondsEnd is where PHP's conversion of seconds overflows.
const microsecondsEnd = float64(1<<64) / 1e6

func seconds(n int64) timeout {
	if n < 0 || n > maxTimeoutSeconds {
		return -1
	}
	return timeout(n) * timeout(time.Second)
}

// secondsOf converts a script's seconds; ok is false where it says no limit.
func secondsOf(f float64) (t timeout, ok bool) {
	if f < 0 || f >= microsecondsEnd {
		return -1, false
	}
	micros := uint64(f * 1e6)
	if micros/1e6 > maxTimeoutSeconds {
		return -1, true
	}
	return timeout(micros) * timeout(time.Microsecond), true
}

// timeoutArg returns the seconds in argument i, the ini default where it is null.
func timeoutArg(c *Call, i int) (float64, error) {
	if c.Arg(i).IsNull() {
		return float64(c.DefaultTimeout()), nil
	}
	f := c.Float(i)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, ValueError(i+1, "must be a finite value")
	}
	return f, nil
}

// connectTimeout reads a client's limit: what is negative or too large means the ini
// default, not forever.
func connectTimeout(c *Call, i int) (timeout, error) {
	f, err := timeoutArg(c, i)
	if err != nil {
		return 0, err
	}
	if t, ok := secondsOf(f); ok {
		return t, nil
	}
	return seconds(c.DefaultTimeout()), nil
}

// acceptTimeout reads an accept's limit: what is negative or too large means forever.
func acceptTimeout(c *Call, i int) (timeout, error) {
	f, err := timeoutArg(c, i)
	if err != nil {
		return 0, err
	}
	t, _ := secondsOf(f)
	return t, nil
}

// start starts the clock.
func (t timeout) start() *limit {
	if t < 0 {
		return noLimit
	}
	return &limit{end: time.Now().Add(time.Duration(t)), whole: time.Duration(t)}
}

// limit is a point in time that several waits share.
type limit struct {
	end   time.Time
	whole time.Duration // what the first wait is given: reading the clock would cost it a millisecond
	begun bool
}

// noLimit never ends.
var noLimit = (*limit)(nil)

// over reports whether the time is up.
func (l *limit) over() bool { return l != nil && !time.Now().Before(l.end) }

// left returns the time for one more wait, negative without a limit.
func (l *limit) left() time.Duration {
	switch {
	case l == nil:
		return -1
	case !l.begun:
		l.begun = true
		return l.whole
	}
	return max(0, time.Until(l.end))
}

// waitFor waits for fd within the limit. A wake-up that was meant for something else
// does not end it.
func (c *Call) waitFor(fd int, events int16, l *limit, next func(*Call, Ready) (Value, error)) (Value, error) {
	return c.Await(Wait{FD: fd, Events: events, Timeout: l.left()}, func(c *Call, r Ready) (Value, error) {
		if r == ReadyWoken {
			return c.waitFor(fd, events, l, next)
		}
		return next(c, r)
	})
}
