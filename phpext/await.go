package phpext

import (
	"context"
	"fmt"
	"runtime/debug"
)

// Await lets the engine wait and then goes on with next:
//
//	return c.Await(phpext.Wait{FD: fd, Events: unix.POLLIN, Timeout: -1}, func(c *phpext.Call, r phpext.Ready) (phpext.Value, error) {
//		…
//	})
//
// On [ReadyCancelled] next must let go of what it holds; its result is dropped.
func (c *Call) Await(w Wait, next func(*Call, Ready) (Value, error)) (Value, error) {
	c.wait, c.next = &w, next
	return Null(), nil
}

// Panic is the value with which a body panics after work that it gave to
// [Call.Background] panicked.
type Panic struct {
	Value any    // what the work panicked with
	Stack []byte // the stack of the work's goroutine
}

// Error returns the text of the panic, without the stack.
func (p *Panic) Error() string { return fmt.Sprintf("phpext: background work panicked: %v", p.Value) }

// abandon runs foreign code that may not heed its context: it is left behind when ctx
// ends, and what it comes to later is handed to late.
func abandon[T any](ctx context.Context, work func() (T, error), late func(T)) (T, error) {
	type outcome struct {
		value    T
		err      error
		panicked *Panic
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if r := recover(); r != nil {
				o.panicked = &Panic{Value: r, Stack: debug.Stack()}
			}
			done <- o
		}()
		o.value, o.err = work()
	}()
	select {
	case o := <-done:
		if o.panicked != nil {
			panic(o.panicked)
		}
		return o.value, o.err
	case <-ctx.Done():
	}
	go func() {
		if o := <-done; o.err == nil && o.panicked == nil {
			late(o.value)
		}
	}()
	var none T
	return none, ctx.Err()
}

// Background runs work on a goroutine of its own while the engine waits, then next on
// the engine's thread. work must not touch the Call and must return soon after its
// context ended, which happens when the run is cancelled: next runs then too, and its
// result is dropped. What work writes, next may read.
func (c *Call) Background(work func(context.Context), next func(*Call) (Value, error)) (Value, error) {
	ctx, cancel := context.WithCancel(c.env.Context)
	done := make(chan struct{})
	notify := c.env.Notify
	var panicked *Panic
	go func() {
		defer func() {
			if r := recover(); r != nil {
				var ok bool
				if panicked, ok = r.(*Panic); !ok {
					panicked = &Panic{Value: r, Stack: debug.Stack()}
				}
			}
			close(done)
			if notify != nil {
				notify()
			}
		}()
		work(ctx)
	}()
	var resume func(*Call, Ready) (Value, error)
	resume = func(c *Call, r Ready) (Value, error) {
		if r == ReadyCancelled {
			cancel()
			<-done
		}
		select {
		case <-done:
		default:
			return c.Await(Wait{FD: -1, Timeout: -1}, resume)
		}
		cancel()
		if panicked != nil {
			panic(panicked)
		}
		return next(c)
	}
	return c.Await(Wait{FD: -1, Timeout: -1}, resume)
}
