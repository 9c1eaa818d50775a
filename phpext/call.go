package phpext

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"github.com/phpsock/phpsock/resources"
)

// Env is what the engine tells with each call.
type Env struct {
	// Context ends when the run is cancelled; nil never does.
	Context context.Context
	// Run is the number of the run, Script the path of its main script, "" where it is
	// no file.
	Run    uint64
	Script string
	// Args are the arguments as passed, converted to the types of the prototype. There
	// may be fewer than parameters.
	Args []Value
	// Socket finds the host's socket with that handle.
	Socket func(resources.Handle) (*resources.Socket, bool)
	// DefaultTimeout is ini default_socket_timeout in seconds; negative: no limit.
	DefaultTimeout int64
	// StreamContext is the context that the row's Context parameter stands for, PHP's
	// default context where the script passed none. For a row with [DirectAccept] it is
	// the context of the listening stream. nil: there is none.
	StreamContext *StreamContext
	// Errno is the errno with which the row's Direct operation failed, else 0.
	Errno syscall.Errno
	// Insert puts a socket into the host's table.
	Insert func(*resources.Socket) resources.Handle
	// Unread returns what the stream with this number has read from its socket and the
	// script has not taken yet.
	Unread func(id int64) []byte
	// Notify wakes the engine's wait, which then gives [ReadyWoken]. Any goroutine may
	// call it, also after the call is over.
	Notify func()
}

// Call is one call of a function. It belongs to the engine's thread: only the work
// that [Call.Background] starts runs elsewhere, and must not touch it.
type Call struct {
	row      *Row
	env      Env
	effects  []Effect
	wait     *Wait
	next     func(*Call, Ready) (Value, error)
	original bool
	failed   bool
}

// NewCall returns a call that has not begun.
func NewCall(row *Row, env Env) *Call {
	if env.Context == nil {
		env.Context = context.Background()
	}
	return &Call{row: row, env: env}
}

// Start runs the body until it ends or waits.
func (c *Call) Start() Outcome { return c.outcome(c.row.Function.Call(c)) }

// Resume goes on after a wait that ended with r. It must not be called on a call that
// does not wait.
func (c *Call) Resume(r Ready) Outcome {
	next := c.next
	c.wait, c.next = nil, nil
	return c.outcome(next(c, r))
}

func (c *Call) outcome(v Value, err error) Outcome {
	if errors.Is(err, ErrForeignStream) && c.row.Replaces {
		c.original = true
		err = nil
	}
	if c.original {
		return Outcome{Original: true}
	}
	if err == nil && c.wait != nil {
		return Outcome{Await: c.wait}
	}
	c.wait, c.next = nil, nil
	o := Outcome{Value: v, Effects: c.effects, FailedStream: c.failed}
	if err != nil {
		o.Value = Null()
		o.Throw = throwOf(err)
	}
	return o
}

// throwOf turns the error of a body into what PHP throws.
func throwOf(err error) *Throw {
	var t *Throw
	switch {
	case errors.As(err, &t):
		return t
	case errors.Is(err, ErrForeignStream):
		return &Throw{Class: "TypeError", Message: "supplied resource is not a socket of this host"}
	}
	return &Throw{Class: "Error", Message: err.Error()}
}

// Name returns the function's name.
func (c *Call) Name() string { return c.row.Name }

// Row returns the row of the table that is called.
func (c *Call) Row() *Row { return c.row }

// Context ends when the run is cancelled.
func (c *Call) Context() context.Context { return c.env.Context }

// Run returns the number of the run.
func (c *Call) Run() uint64 { return c.env.Run }

// SocketOf finds the host's socket with that handle.
func (c *Call) SocketOf(h resources.Handle) (*resources.Socket, bool) { return c.env.Socket(h) }

// Notify returns what wakes the engine's wait: [Env].Notify, which is never nil here.
func (c *Call) Notify() func() {
	if c.env.Notify == nil {
		return func() {}
	}
	return c.env.Notify
}

// StreamContext returns the stream context of the call, nil where there is none.
func (c *Call) StreamContext() *StreamContext { return c.env.StreamContext }

// DefaultTimeout returns ini default_socket_timeout in seconds; negative: no limit.
func (c *Call) DefaultTimeout() int64 { return c.env.DefaultTimeout }

// Errno returns the errno with which the engine's own attempt at the row's Direct
// operation failed; 0: it made none.
func (c *Call) Errno() syscall.Errno { return c.env.Errno }

// SetRef assigns v to the by-reference parameter i, counted from 0, once the call is
// over. It does nothing where that argument was not passed. A parameter that is not by
// reference is a mistake in the body, which panics.
func (c *Call) SetRef(i int, v Value) {
	if p, ok := c.row.at(i); !ok || !p.ByRef {
		panic(fmt.Sprintf("phpext: %s: parameter %d is not by reference", c.row.Name, i))
	}
	if c.Passed(i) {
		c.effects = append(c.effects, Effect{Kind: EffectSetRef, Param: i, Value: v})
	}
}

// Warn raises an E_WARNING; PHP puts "name(): " before the text.
func (c *Call) Warn(format string, args ...any) { c.raise(Warning, format, args) }

// WarnBare raises an E_WARNING before whose text PHP puts nothing.
func (c *Call) WarnBare(format string, args ...any) {
	c.effects = append(c.effects, Effect{Kind: EffectError, Level: Warning, Text: fmt.Sprintf(format, args...), Bare: true})
}

// Notice raises an E_NOTICE.
func (c *Call) Notice(format string, args ...any) { c.raise(Notice, format, args) }

// Deprecated raises an E_DEPRECATED.
func (c *Call) Deprecated(format string, args ...any) { c.raise(Deprecated, format, args) }

func (c *Call) raise(level Level, format string, args []any) {
	c.effects = append(c.effects, Effect{Kind: EffectError, Level: level, Text: fmt.Sprintf(format, args...)})
}

// Original lets PHP's own function answer the call instead; what the body did to
// references and reported is dropped. For rows that stand in for one.
func (c *Call) Original() (Value, error) {
	if !c.row.Replaces {
		return Null(), fmt.Errorf("phpext: %s stands in for no function of PHP", c.row.Name)
	}
	c.original = true
	return Null(), nil
}

// failedStream notes that PHP would have made a stream before it failed.
func (c *Call) failedStream() { c.failed = true }
