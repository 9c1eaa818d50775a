package php

import (
	"context"
	_ "embed"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// sapiName is PHP_SAPI, and the name of code given to Eval.
const sapiName = "gophp-engine"

// The script that a request runs.
var (
	//go:embed objects.php
	objectsPHP string
	//go:embed driver.php
	driverPHP string

	driver = strings.TrimPrefix(objectsPHP, "<?php") + strings.TrimPrefix(driverPHP, "<?php")
)

// request is one run of driver.php, which takes commands until it is told to end.
type request struct {
	context  *Context
	cancel   context.CancelCauseFunc
	commands chan *phpext.Array // nil: the end
	answers  chan *answer
	over     chan struct{} // closed when the run has ended; then result and err are set
	result   *bridge.Result
	err      error

	// On PHP's thread while it runs.
	busy       bool // with a command
	objects    map[int64]*ReceiverObject
	lastObject int64
	headers    http.Header // those that Context.Header knows of
	outputErr  error       // of a Write
}

// answer is how a command ended.
type answer struct {
	value *Value
	err   error
}

type requestKey struct{}

// begin starts the run. It has c's turn, and gives it back when it ends.
func begin(c *Context) *request {
	r := &request{
		context:  c,
		commands: make(chan *phpext.Array),
		answers:  make(chan *answer, 1),
		over:     make(chan struct{}),
		objects:  make(map[int64]*ReceiverObject),
	}
	var ctx context.Context
	ctx, r.cancel = context.WithCancelCause(context.WithValue(context.Background(), requestKey{}, r))
	go func() {
		r.result, r.err = c.engine.bridge.Run(ctx, bridge.Request{
			Code: driver, Name: sapiName, Output: output{r}, Log: errorLog{c},
		})
		r.cancel(nil)
		c.engine.turn.release()
		close(r.over)
	}()
	return r
}

// do runs a command and returns its answer; nil: the request ended first. A context that
// is destroyed meanwhile ends the request. Not accepted: the command was never run.
func (r *request) do(cmd *phpext.Array) (a *answer, accepted bool) {
	select {
	case r.commands <- cmd:
	case <-r.over:
		return nil, false
	case <-r.context.destroyed:
		r.abort()
		return nil, false
	}
	select {
	case a = <-r.answers:
		return a, true
	case <-r.over:
	case <-r.context.destroyed:
		r.abort()
	}
	select {
	case a = <-r.answers: // and then it ended
	default:
	}
	return a, true
}

// abort ends the run wherever it is.
func (r *request) abort() {
	r.cancel(ErrDestroyed)
	<-r.over
}

// end ends an idle run as a script ends that comes to its end.
func (r *request) end() {
	select {
	case r.commands <- nil:
	case <-r.over:
	}
	<-r.over
}

func (r *request) isOver() bool {
	select {
	case <-r.over:
		return true
	default:
		return false
	}
}

// finish is for what the run has left behind.
func (r *request) finish() {
	if r.result != nil {
		headers := make(http.Header)
		for name, values := range r.result.Headers {
			if values = slices.DeleteFunc(values, func(v string) bool { return v == "" }); len(values) > 0 {
				headers[name] = values
			}
		}
		r.setHeaders(headers)
	}
	clear(r.objects)
}

// failure returns why the run ended, nil if it did by itself.
func (r *request) failure() error {
	var fatal *bridge.FatalError
	switch {
	case errors.Is(r.err, ErrDestroyed):
		return ErrDestroyed
	case r.outputErr != nil:
		return r.outputErr
	case errors.As(r.err, &fatal):
		return &bridge.FatalError{Message: renamed(fatal.Message), File: renamed(fatal.File), Line: fatal.Line}
	}
	return r.err
}
