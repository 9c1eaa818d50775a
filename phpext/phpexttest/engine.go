// Package phpexttest calls the functions of a phpext table as an engine would, without
// PHP: arguments go in as Go values, the result, the reference parameters, the errors
// and the exception come out.
//
// It is stricter than PHP, as if every script declared strict_types: an argument must
// be of a type that the prototype names, except that an int passes for a float.
package phpexttest

import (
	"context"
	"fmt"
	"syscall"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
)

// Engine is a fake PHP engine. One goroutine at a time may use it; its context may be
// cancelled by another.
type Engine struct {
	// Sockets is the table in which streams find their sockets.
	Sockets *resources.Table
	// Context ends a call that waits; nil never does.
	Context context.Context
	// Script and Run are what [phpext.Env] has.
	Script string
	Run    uint64
	// DefaultTimeout is ini default_socket_timeout in seconds.
	DefaultTimeout int64
	// DefaultContext is PHP's default stream context, or nil. For hidden rows it is that of
	// the stream that they are about.
	DefaultContext *phpext.StreamContext
	// Errno is given to the calls that follow as if the engine's own attempt at the
	// row's Direct operation had failed with it.
	Errno syscall.Errno

	table    *phpext.Table
	wake     *waker
	last     int64 // number of the last resource
	contexts map[*phpext.Resource]*phpext.StreamContext
}

// New returns an engine with these functions. sockets is the table that they put
// sockets into; nil makes a new one. The error is a [*phpext.TableError] or the
// system's.
func New(sockets *resources.Table, rows ...phpext.Function) (*Engine, error) {
	table, err := phpext.NewTable(rows...)
	if err != nil {
		return nil, err
	}
	wake, err := newWaker()
	if err != nil {
		return nil, fmt.Errorf("phpexttest: new: %w", err)
	}
	if sockets == nil {
		sockets = resources.NewTable()
	}
	return &Engine{
		Sockets:        sockets,
		DefaultTimeout: 60,
		table:          table,
		wake:           wake,
		contexts:       make(map[*phpext.Resource]*phpext.StreamContext),
	}, nil
}

// Close closes every socket of the table and ends the engine.
func (e *Engine) Close() {
	e.Sockets.CloseAll()
	e.wake.close()
}

// Call calls a function. Arguments are converted by [phpext.ValueOf]; a
// [*phpext.StreamContext] becomes a resource, and a stream is the [phpext.Value] that
// an earlier call returned. For a by-reference parameter the argument is the variable's
// value before the call. Call panics where the function does not exist or an argument
// cannot be converted.
func (e *Engine) Call(name string, args ...any) Result {
	row, ok := e.table.Lookup(name)
	if !ok {
		panic("phpexttest: call to undefined function " + name + "()")
	}
	values := make([]phpext.Value, len(args))
	for i, x := range args {
		values[i] = e.value(x)
	}
	r := Result{Refs: make(map[string]phpext.Value), name: row.Name}
	env, err := e.env(row, values)
	if err != nil {
		r.Throw = complete(row, err)
		return r
	}
	call := phpext.NewCall(row, env)
	out := call.Start()
	for out.Await != nil {
		ready := e.wait(env.Context, *out.Await)
		r.Cancelled = r.Cancelled || ready == phpext.ReadyCancelled
		r.Waits = append(r.Waits, *out.Await)
		out = call.Resume(ready)
	}
	if r.Cancelled {
		return r
	}
	e.finish(&r, row, env, out)
	return r
}

func (e *Engine) value(x any) phpext.Value {
	if sc, ok := x.(*phpext.StreamContext); ok {
		e.last++
		r := &phpext.Resource{Type: "stream-context", ID: e.last}
		e.contexts[r] = sc
		return phpext.ResourceValue(r)
	}
	v, err := phpext.ValueOf(x)
	if err != nil {
		panic(err)
	}
	return v
}

func (e *Engine) env(row *phpext.Row, values []phpext.Value) (phpext.Env, *phpext.Throw) {
	env := phpext.Env{
		Context:        e.Context,
		Args:           values,
		Run:            e.Run,
		Script:         e.Script,
		Socket:         e.Sockets.Lookup,
		Insert:         e.Sockets.Insert,
		DefaultTimeout: e.DefaultTimeout,
		Errno:          e.Errno,
		Notify:         e.wake.notify,
	}
	if env.Context == nil {
		env.Context = context.Background()
	}
	if err := checkArity(row, len(values)); err != nil {
		return env, err
	}
	if err := checkTypes(row, values); err != nil {
		return env, err
	}
	var err *phpext.Throw
	env.StreamContext, err = e.streamContext(row, values)
	return env, err
}

// streamContext finds what the call's context is: that of the parameter, or of the
// listening stream, which is the first argument of an accept.
func (e *Engine) streamContext(row *phpext.Row, values []phpext.Value) (*phpext.StreamContext, *phpext.Throw) {
	if row.Direct == phpext.DirectAccept && len(values) > 0 {
		return e.contexts[values[0].Resource()], nil
	}
	if row.Hidden { // the engine's own calls are about a stream that has one
		return e.DefaultContext, nil
	}
	if row.Context == "" {
		return nil, nil
	}
	i := row.Param(row.Context)
	if i >= len(values) || values[i].IsNull() {
		return e.DefaultContext, nil
	}
	r := values[i].Resource()
	if r == nil {
		return nil, &phpext.Throw{
			Class:   "TypeError",
			Message: fmt.Sprintf("must be of type resource or null, %s given", values[i].Kind()),
			Arg:     i + 1,
		}
	}
	sc, ok := e.contexts[r]
	if !ok || r.Type != "stream-context" {
		return nil, &phpext.Throw{
			Class:   "TypeError",
			Message: row.Name + "(): supplied resource is not a valid Stream-Context resource",
		}
	}
	return sc, nil
}
