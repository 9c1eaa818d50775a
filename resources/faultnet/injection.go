package faultnet

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// LogLimit is how many injections [Network.Injected] gives at most: the first
// ones. [Network.Count] goes on.
const LogLimit = 10_000

// Injection is one fault that was injected.
type Injection struct {
	// Rule is the rule's index in Config.Rules, and after those in what was added
	// by [Network.Add].
	Rule int
	// Op is the one step that it struck.
	Op Op
	// Side is the connection's side, 0 at Dial and Listen.
	Side Side
	// Conn is the connection's number on its side, from 1. At Accept it is the
	// listener's, at Dial and Listen 0.
	Conn int
	// Network and Address are as they were dialled or listened on.
	Network, Address string
	// N tells at which of the operations that the rule counts there, from 1. What
	// AfterBytes has let pass is not counted.
	N int
	// Offset is how many bytes had passed in this direction.
	Offset int64
	// Delay, Chunk, Err and Do are what was done; Delay has its jitter in it.
	Delay time.Duration
	Chunk int
	Err   error
	Do    Action
}

// String gives the injection in one line, such as
// "rule 0: accept 3 of server 1 (tcp4 127.0.0.1:80): EMFILE".
func (i Injection) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "rule %d: %s %d", i.Rule, i.Op, i.N)
	if i.Conn > 0 {
		fmt.Fprintf(&s, " of %s %d", i.Side, i.Conn)
	}
	fmt.Fprintf(&s, " (%s %s)", i.Network, i.Address)
	if i.Offset > 0 {
		fmt.Fprintf(&s, " after %d bytes", i.Offset)
	}
	s.WriteString(":")
	if i.Delay > 0 {
		fmt.Fprintf(&s, " delay %s", i.Delay)
	}
	if i.Chunk > 0 {
		fmt.Fprintf(&s, " chunk %d", i.Chunk)
	}
	if i.Do != 0 {
		fmt.Fprintf(&s, " %s", i.Do)
	}
	if i.Err != nil {
		fmt.Fprintf(&s, " %s", errorName(i.Err))
	}
	return s.String()
}

func errorName(err error) string {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		if name := unix.ErrnoName(errno); name != "" {
			return name
		}
	}
	return err.Error()
}

// journal keeps what was injected.
type journal struct {
	mu     sync.Mutex
	list   []Injection
	counts map[int]int // by rule
}

func (j *journal) add(i Injection) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.list) < LogLimit {
		j.list = append(j.list, i)
	}
	if j.counts == nil {
		j.counts = map[int]int{}
	}
	j.counts[i.Rule]++
}

func (j *journal) injected() []Injection {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.list)
}

func (j *journal) count(rule int) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.counts[rule]
}
