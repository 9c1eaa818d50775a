package phpext

import "time"

// Level is the severity of an error that a body reports, with PHP's numbers.
type Level int

// The levels that a body can report.
const (
	Warning    Level = 2
	Notice     Level = 8
	Deprecated Level = 8192
)

// String returns the word that PHP prints: "Warning", "Notice", "Deprecated".
func (l Level) String() string {
	switch l {
	case Warning:
		return "Warning"
	case Notice:
		return "Notice"
	case Deprecated:
		return "Deprecated"
	}
	return "Unknown error"
}

// EffectKind says what an [Effect] does.
type EffectKind uint8

// The kinds of effects.
const (
	EffectSetRef EffectKind = iota // assigns Value to by-reference parameter Param
	EffectError                    // raises an error of Level with Text
	EffectClose                    // closes the stream in parameter Param
)

// Effect is something that happens in PHP besides the result.
type Effect struct {
	Kind  EffectKind
	Param int // counted from 0
	Value Value
	Level Level
	Text  string // without PHP's "name(): " before it
	Bare  bool   // PHP puts no "name(): " before the text
}

// Outcome is what the engine has to do after a body ran. If Await is set it waits and
// calls [Call.Resume], and no other field is set. If Original is set it calls PHP's own
// function with the same arguments, and again nothing else is set. Otherwise the call
// is over: Effects are to be applied in their order, then Throw thrown or Value
// returned. An exception from an error handler does not keep the later effects from
// being applied.
type Outcome struct {
	Value    Value
	Effects  []Effect
	Throw    *Throw
	Await    *Wait
	Original bool
	// FailedStream: PHP had made a stream before the call failed, so a resource number
	// is used up.
	FailedStream bool
}

// Wait is what a call waits for.
type Wait struct {
	FD      int           // descriptor to poll; -1: none, only a wake-up ends the wait
	Events  int16         // POLLIN, POLLOUT, …
	Timeout time.Duration // 0 polls once; negative: no limit. Whole milliseconds count
}

// Ready says how a wait ended.
type Ready uint8

// The ends of a wait.
const (
	ReadyYes         Ready = iota // the descriptor has what was asked for, or an error
	ReadyTimeout                  // the time is over
	ReadyCancelled                // the run ends; the result will be seen by nobody
	ReadyWoken                    // [Env].Notify was called: look again at what was waited for
	ReadyInterrupted              // a signal came in
)

// String returns the name of the end.
func (r Ready) String() string {
	switch r {
	case ReadyYes:
		return "ready"
	case ReadyTimeout:
		return "timeout"
	case ReadyCancelled:
		return "cancelled"
	case ReadyWoken:
		return "woken"
	case ReadyInterrupted:
		return "interrupted"
	}
	return "unknown"
}
