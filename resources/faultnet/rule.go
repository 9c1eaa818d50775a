package faultnet

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"
)

// Op is a step at which a fault may strike, or several of them: Read | Write.
type Op uint8

// The steps. With sockets for datagrams, Read and Write stand for ReadFrom and
// WriteTo, too, and Listen for ListenPacket.
const (
	Dial Op = 1 << iota
	Listen
	Accept
	Read
	Write
)

var opNames = [...]string{"dial", "listen", "accept", "read", "write"}

// String gives the names as they stand in a [net.OpError], with "|" between
// them.
func (o Op) String() string {
	var names []string
	for i, name := range opNames {
		if o&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "|")
}

// Side tells which end of a connection this network has.
type Side uint8

// The sides. A dialled connection is a client's, as is one given to
// [Network.Conn]. Accepted ones and packet sockets that were not dialled are a
// server's.
const (
	Client Side = 1 + iota
	Server
)

// String gives "client", "server" or, for 0, "any".
func (s Side) String() string {
	return [...]string{"any", "client", "server"}[min(s, Server)]
}

// Action is a fault that is more than an error or a delay.
type Action uint8

// The actions. Those without another word are for Read and Write.
const (
	// Reset ends the stream for both sides: the operation fails with ECONNRESET,
	// or with the rule's Err, so does the next one in the other direction, after
	// that reads give io.EOF and writes EPIPE, as on Linux. The peer sees a reset,
	// too, where it is a TCP connection, else the end of the stream. At Accept
	// the connection is gone before it is handed out, and Accept fails with
	// ECONNABORTED.
	Reset Action = 1 + iota
	// Hang holds the operation up until the connection is closed, its deadline
	// has passed, the context of a dial or listen has ended or [Network.Heal] is
	// called. At Write it is a peer that reads no more and whose buffers are full.
	// It may stand at every Op.
	Hang
	// HalfOpen makes the stream's peer vanish without a word, as when its cable
	// is pulled: nothing arrives any more, and what is written is taken and lost.
	HalfOpen
	// Truncate ends what is read from a stream before its time: from here on Read
	// gives io.EOF. For Read alone.
	Truncate
	// Drop loses the datagram.
	Drop
	// Duplicate has the datagram arrive twice.
	Duplicate
	// Reorder has the next datagram overtake this one, which waits for that no
	// longer than Delay, or 50 ms where that is 0. The next one is not held back
	// itself.
	Reorder
)

var actionNames = [...]string{"", "reset", "hang", "half-open", "truncate", "drop", "duplicate", "reorder"}

// String gives the action in one lower-case word, "" for 0.
func (a Action) String() string {
	if int(a) < len(actionNames) {
		return actionNames[a]
	}
	return "unknown"
}

// Rule says which operations meet a fault, and what it is. Each field that is
// zero restricts nothing and does nothing.
//
// Several rules may strike the same operation: their delays add up, the
// smallest Chunk counts, and of Err and Do the first in the list. A rule whose
// Err or Do comes too late for that has not struck.
type Rule struct {
	// Op is the step, or the steps, each with counts of its own.
	Op Op
	// Side restricts the rule to connections of one side.
	Side Side
	// Network restricts it to "tcp4", "unix" and so on; "tcp" and "udp" mean both
	// versions.
	Network string
	// Address restricts it to what was dialled or listened on: the address as
	// given, the peer's or the listener's numeric one, or ":80" for any host.
	Address string
	// Conn restricts Read and Write to the n-th connection that this network made
	// on its side, from 1; sockets for datagrams count, too.
	Conn int

	// AfterBytes lets so many bytes of the operation's direction pass before the
	// rule begins to count. A stream's operation ends there exactly: a longer
	// write goes on as a second operation.
	AfterBytes int64
	// Skip is how many operations are spared, then.
	Skip int
	// Every strikes each n-th of the operations after that.
	Every int
	// P is the probability with which it strikes those. 0 means always.
	P float64
	// Times is how often it strikes. 1 is once for each connection (Read, Write)
	// or listener (Accept), or once at all (Dial, Listen).
	Times int

	// Delay is how long the operation waits before anything else happens. A
	// datagram is so long on its way, others may overtake it; it is lost where its
	// sender closes the socket more than a second too early.
	Delay time.Duration
	// Jitter is added to Delay: some part of it, different each time.
	Jitter time.Duration
	// Chunk is how many bytes a stream's read gives at most and a write hands on
	// at a time. Only with Err does less than all get written: one chunk.
	Chunk int
	// Err makes the operation fail. A [syscall.Errno] comes as from package net,
	// another error inside a [*net.OpError]. With Chunk the operation fails after
	// it has moved that much.
	Err error
	// Do is what else happens.
	Do Action
}

const (
	transfers = Read | Write
	everyOp   = Dial | Listen | Accept | transfers
)

// where says at which steps an action makes sense.
var where = [...]Op{0: everyOp, Reset: Accept | transfers, Hang: everyOp, HalfOpen: transfers, Truncate: Read,
	Drop: transfers, Duplicate: transfers, Reorder: transfers}

// check finds what makes the rule one that can never do what it says.
func (r *Rule) check() error {
	switch {
	case r.Op == 0 || r.Op&^everyOp != 0:
		return errors.New("no Op, or an unknown one")
	case r.Side > Server:
		return errors.New("unknown Side")
	case r.Conn < 0 || r.AfterBytes < 0 || r.Skip < 0 || r.Every < 0 || r.Times < 0 ||
		r.Delay < 0 || r.Jitter < 0 || r.Chunk < 0:
		return errors.New("a negative number")
	case !(r.P >= 0 && r.P <= 1):
		return fmt.Errorf("probability P is %v, not between 0 and 1", r.P)
	case int(r.Do) >= len(where):
		return errors.New("unknown Do")
	case r.Op&^where[r.Do] != 0:
		return fmt.Errorf("%s does not go with %s", r.Do, r.Op&^where[r.Do])
	case r.Op&^transfers != 0 && (r.Conn != 0 || r.AfterBytes != 0 || r.Chunk != 0):
		return errors.New("Conn, AfterBytes and Chunk are for Read and Write")
	case r.Op&(Dial|Listen) != 0 && r.Side != 0:
		return errors.New("Side is for Accept, Read and Write")
	case r.Op == Accept && r.Side == Client:
		return errors.New("clients do not accept")
	case r.Err != nil && r.Do != 0 && r.Do != Reset:
		return fmt.Errorf("%s has no Err", r.Do)
	case r.Do != 0 && r.Chunk != 0:
		return fmt.Errorf("%s has no Chunk", r.Do)
	case r.Delay == 0 && r.Jitter == 0 && r.Chunk == 0 && r.Err == nil && r.Do == 0:
		return errors.New("nothing to do")
	}
	if errors.Is(r.Err, syscall.Errno(0)) {
		return errors.New("errno 0 is no Err")
	}
	return nil
}

// fits tells whether the rule has anything to say to streams, or to datagrams.
func (r *Rule) fits(datagram bool) bool {
	switch r.Do {
	case Drop, Duplicate, Reorder:
		return datagram
	case Reset, HalfOpen, Truncate:
		return !datagram
	}
	return r.Chunk == 0 || !datagram
}

// final tells whether the rule decides the operation's outcome, which only one
// can.
func (r *Rule) final() bool { return r.Err != nil || r.Do != 0 }

// inFlight tells whether the rule is about a datagram on its way rather than
// about the call.
func (r *Rule) inFlight() bool { return r.Err == nil && r.Do != Hang }
