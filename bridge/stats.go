package bridge

import (
	"time"

	"github.com/phpsock/phpsock/resources"
)

// Stats is what an engine tells of itself at one moment. The counters begin at 0 with
// the engine and never go back.
type Stats struct {
	// Version is the release of PHP, "8.2.7".
	Version string
	// Started is when the engine came up.
	Started time.Time
	// Runs is how many runs have begun, the one under way included.
	Runs uint64
	// Run is the run under way, nil between runs.
	Run *RunInfo
	// Recent are the last runs that have ended, the newest first.
	Recent []RunInfo
	// Opened is how many sockets there ever were, accepted connections included.
	Opened uint64
	// Accepted is how many connections were accepted.
	Accepted uint64
	// BytesIn and BytesOut are what all sockets have received and sent, those that are
	// closed included.
	BytesIn, BytesOut uint64
	// Draining says that no new connections are accepted, and that scripts are asked to
	// end.
	Draining bool
	// Sockets are those that are open, by handle.
	Sockets []resources.Info
}

// RunInfo is one run of a script.
type RunInfo struct {
	// ID numbers the runs of an engine from 1 on.
	ID uint64
	// Script is the path of the script, "" for code that was given as text.
	Script string
	// Started and Ended say when; Ended is zero while the run goes on.
	Started, Ended time.Time
	// ExitStatus is as in [Result].
	ExitStatus int
	// Err is the text of the error that the run ended with, "" without.
	Err string
}

// StatsSource gives the state of an engine, as an [*Engine] does. What shows or exports
// an engine's numbers takes one of these, so it can be tested without PHP.
type StatsSource interface {
	// Stats may be called from any goroutine, at any time, and does not wait for PHP.
	Stats() Stats
}
