//go:build cgo

package bridge

/*
#include <stdlib.h>
#include "bridge.h"
*/
import "C"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/phpsock/phpsock/phpext"
)

// cancelAgain is how often a cancelled run is interrupted anew: shutdown functions and
// destructors run after the script was ended, and may be endless, too.
const cancelAgain = 2 * time.Millisecond

// run is the run that is under way.
type run struct {
	ctx    context.Context
	info   *RunInfo
	limits phpext.Limits
	output io.Writer
	log    io.Writer
	end    func() // ends ctx
}

// Run runs a script and returns when it has ended, whichever way. Runs queue; ctx bounds
// the wait for a turn and the run itself: a cancelled run is ended wherever it is, in a
// busy loop or a blocked call, and cannot catch that.
//
// The error is a [*FatalError] if an error ended the script, with the Result beside it;
// it wraps ctx's cause if ctx did; it is [ErrClosed] after Close. A script that calls
// exit(3) is no error.
func (e *Engine) Run(ctx context.Context, r Request) (*Result, error) {
	if err := e.acquire(ctx); err != nil {
		return nil, fmt.Errorf("bridge: run: %w", err)
	}
	defer func() { e.turn <- struct{}{} }()
	request, err := e.newRequest(r)
	if err != nil {
		e.sockets.CloseTransient() // those of the variables
		return nil, fmt.Errorf("bridge: run: %w", err)
	}
	defer request.free()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	info := e.status.begin(request.script, end)
	result, err := e.perform(ctx, info, request)
	e.status.finish(result, err)
	return result, err
}

// perform runs the request and takes its outcome.
func (e *Engine) perform(ctx context.Context, info *RunInfo, request *request) (*Result, error) {
	raw := (*C.struct_bridge_result)(C.calloc(1, C.sizeof_struct_bridge_result))
	defer C.free(unsafe.Pointer(raw))

	cancelled := e.execute(ctx, info, request, raw)
	result, err := takeResult(raw)
	e.crypto.CloseTransient() // those whose streams PHP never got
	if n := e.sockets.CloseTransient(); n > 0 {
		e.logger.Warn("sockets had no stream and were closed at the end of the run", "sockets", n)
	}
	if cancelled {
		return result, fmt.Errorf("bridge: run: %w", context.Cause(ctx))
	}
	return result, err
}

// execute runs the request on the PHP thread and reports whether ctx ended it.
func (e *Engine) execute(ctx context.Context, info *RunInfo, request *request, result *C.struct_bridge_result) bool {
	// It ends after the engine was told, so that no host function can be done with a
	// cancelled context while PHP would still take its answer.
	runCtx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	end := func() { cancel(context.Cause(ctx)) }
	defer end()
	e.run = &run{ctx: runCtx, info: info, limits: request.limits, output: request.output, log: request.log, end: end}
	defer func() { e.run = nil }()

	C.bridge_cancel_reset()
	var cancelled atomic.Bool
	stop, watching := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watching)
		select {
		case <-stop:
			return
		case <-ctx.Done():
		}
		cancelled.Store(true)
		for {
			C.bridge_cancel()
			end()
			select {
			case <-stop:
				return
			case <-time.After(cancelAgain):
			}
		}
	}()
	C.free(unsafe.Pointer(e.submit(C.BRIDGE_RUN, func(j *C.struct_bridge_job) {
		j.request, j.result = request.raw, result
	})))
	// A cancellation must not reach the next run.
	close(stop)
	<-watching
	return cancelled.Load()
}

// takeResult frees what the result holds.
func takeResult(raw *C.struct_bridge_result) (*Result, error) {
	headers := takeBytes(raw.headers)
	value := takeBytes(raw.value)
	message, file := takeBytes(raw.fatal_message), takeBytes(raw.fatal_file)
	if raw.started == 0 {
		return nil, errors.New("bridge: run: the engine could not start a request")
	}
	result := &Result{ExitStatus: int(raw.exit_status), Status: int(raw.http_status), Headers: parseHeaders(headers)}
	if value != "" {
		v, _ := (&wireReader{b: []byte(value), noResources: true}).value()
		result.Value = v.Interface()
	}
	if raw.fatal != 0 {
		return result, &FatalError{Message: message, File: file, Line: int(raw.fatal_line)}
	}
	return result, nil
}

func parseHeaders(lines string) http.Header {
	header := http.Header{}
	for line := range strings.SplitSeq(lines, "\x00") {
		if name, value, ok := strings.Cut(line, ":"); ok {
			header.Add(textproto.TrimString(name), textproto.TrimString(value))
		}
	}
	return header
}
