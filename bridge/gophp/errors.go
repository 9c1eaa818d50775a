package php

import "errors"

var (
	// ErrDestroyed: the engine or the context was destroyed, perhaps during the call.
	ErrDestroyed = errors.New("it is destroyed")
	// ErrActive: another context has the engine and is not in use. It has to be destroyed
	// first, or one context shared.
	ErrActive = errors.New("another context has its request open: destroy it first, or share one context")
	// ErrInside: the call came from a receiver's method, Output or Log of a script that
	// is running. PHP waits for them, and would for ever.
	ErrInside = errors.New("called from within the running script")
)

// runningError has go-php's text, which names no cause. The package's texts are go-php's,
// hence their capitals.
type runningError struct{ cause error }

func (*runningError) Error() string { return "Cannot activate multiple engine instances" }

func (e *runningError) Unwrap() error { return e.cause }
