package bridge

import (
	"errors"
	"fmt"
)

var (
	// ErrUnavailable: the program was built without cgo and has no PHP.
	ErrUnavailable = errors.New("bridge: built without cgo, PHP is not available")
	// ErrRunning: the process has an engine already, and libphp (NTS) supports one.
	ErrRunning = errors.New("bridge: an engine is running in this process")
	// ErrDrain is the cause that ended a run whose [Engine.Drain] ran out of time.
	ErrDrain = errors.New("bridge: connections were still open when draining had to end")
	// ErrClosed: the engine was closed.
	ErrClosed = errors.New("bridge: the engine is closed")
)

// StartError says why the engine did not come up.
type StartError struct {
	Reason string
	Err    error // what caused it, or nil
}

// Error returns for example "bridge: start: no_such_function: PHP has no such function to replace".
func (e *StartError) Error() string { return "bridge: start: " + e.Reason }

// Unwrap returns the cause, for example a [*phpext.TableError].
func (e *StartError) Unwrap() error { return e.Err }

// FatalError is an error that ended a script: a fatal or parse error, an uncaught
// throwable, memory or time limit. [Engine.Run] returns it together with a [*Result].
type FatalError struct {
	Message string // as PHP prints it, without "PHP Fatal error:  "
	File    string
	Line    int
}

// Error returns "bridge: run: MESSAGE in FILE on line LINE".
func (e *FatalError) Error() string {
	return fmt.Sprintf("bridge: run: %s in %s on line %d", e.Message, e.File, e.Line)
}
