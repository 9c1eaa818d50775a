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
	"maps"
	"net"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
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
	C.bridge_drain_reset()
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

// request is a [Request] in C's memory.
type request struct {
	raw    *C.struct_bridge_request
	limits phpext.Limits
	script string // its path, "" where it is no file
	output io.Writer
	log    io.Writer
	files  []*os.File // whose descriptors C writes to
	memory []unsafe.Pointer
}

func (e *Engine) newRequest(r Request) (*request, error) {
	vars, err := e.encodeVars(r.Vars)
	if err != nil {
		return nil, err
	}
	dir, err := directory(r)
	if err != nil {
		return nil, err
	}
	req := &request{output: r.Output, log: r.Log}
	if req.output == nil {
		req.output = os.Stdout
	}
	if req.log == nil {
		req.log = os.Stderr
	}
	req.raw = (*C.struct_bridge_request)(req.calloc(C.sizeof_struct_bridge_request))
	if r.Code != "" || (r.File == "" && !r.FromStdin) {
		req.raw.code = req.string(r.Code)
		req.raw.code_len = C.size_t(len(r.Code))
	} else if r.FromStdin {
		req.raw.from_stdin = 1
	} else {
		req.script = realPath(dir, r.File)
		req.raw.file = req.string(r.File)
		req.raw.real_path = req.string(req.script)
	}
	if r.Lint {
		req.raw.lint = 1
	}
	req.raw.dir = req.string(dir)
	argv := append([]string{scriptName(r)}, r.Args...)
	req.raw.argc = C.int(len(argv))
	req.raw.argv = req.strings(argv)
	req.raw.env = req.pairs(r.Env)
	req.raw.ini = req.pairs(r.INI)
	req.raw.vars = req.bytes(vars)
	req.limit(e.limits, r.Limits)
	req.raw.output_fd = req.descriptor(req.output)
	req.raw.log_fd = req.descriptor(req.log)
	return req, nil
}

func scriptName(r Request) string {
	switch {
	case r.Name != "":
		return r.Name
	case r.File != "":
		return r.File
	}
	return "Standard input code"
}

// directory checks what C could only fail on later.
func directory(r Request) (string, error) {
	dir := r.Dir
	if dir == "" {
		wd, err := os.Getwd()
		if err != nil {
			return "", err
		}
		dir = wd
	} else if _, err := os.Stat(dir); err != nil {
		return "", err
	}
	if r.File == "" || r.FromStdin || r.Code != "" {
		return dir, nil
	}
	f, err := os.Open(realPath(dir, r.File))
	if err != nil {
		return "", err
	}
	return dir, f.Close()
}

func realPath(dir, file string) string {
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	if resolved, err := filepath.EvalSymlinks(file); err == nil {
		return resolved
	}
	return file
}

// limit puts the limits of engine and run together.
func (r *request) limit(engine, run resources.Limits) {
	limits := engine.And(run)
	r.limits = phpext.Limits{
		OpenSockets: limits.OpenSockets, DatagramSize: limits.DatagramSize, Rates: resources.NewRates(engine, run),
	}
	r.raw.limits = C.struct_bridge_limits{
		open_sockets:  C.uint64_t(limits.OpenSockets),
		datagram_size: C.uint64_t(limits.DatagramSize),
		handshake_ms:  C.int64_t(limits.HandshakeTimeout.Milliseconds()),
	}
}

// encodeVars puts connections among the variables into the socket table.
func (e *Engine) encodeVars(vars map[string]any) ([]byte, error) {
	if len(vars) == 0 {
		return nil, nil
	}
	vars = maps.Clone(vars)
	for name, v := range vars {
		conn, ok := v.(net.Conn)
		if !ok {
			continue
		}
		socket, err := resources.FromConn(conn, resources.TransportOf(conn), resources.Options{})
		if err != nil {
			return nil, err
		}
		vars[name] = phpext.StreamValue(&phpext.NewStream{Socket: socket, Handle: e.sockets.Insert(socket), Accepted: true})
	}
	v, err := phpext.ValueOf(vars)
	if err != nil {
		return nil, err
	}
	return appendValue(nil, v), nil
}

// descriptor returns the descriptor that C can write to, or -1.
func (r *request) descriptor(w io.Writer) C.int {
	f, ok := w.(*os.File)
	if !ok || f == nil {
		return -1
	}
	conn, err := f.SyscallConn() // unlike Fd, it leaves the descriptor's mode alone
	if err != nil {
		return -1
	}
	fd := C.int(-1)
	if conn.Control(func(n uintptr) { fd = C.int(n) }) != nil {
		return -1
	}
	r.files = append(r.files, f)
	return fd
}
