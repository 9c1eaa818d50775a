//go:build cgo

package bridge

/*
#include <stdlib.h>
#include "bridge.h"
*/
import "C"

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/phpext/ssl"
	"github.com/phpsock/phpsock/resources"
)

// handleBlock is how many handles C gets at a time for the sockets it accepts.
const handleBlock = 8192

// Engine is the running PHP. Its methods may be called from any goroutine.
type Engine struct {
	logger  *slog.Logger
	table   *phpext.Table
	sockets *resources.Table

	turn   chan struct{} // holds one token while nobody uses the engine
	done   chan struct{} // the PHP thread has finished a job
	closed bool          // guarded by turn

	crypto       *ssl.Crypto // only on the PHP thread
	listeners    *resources.Listeners
	ownListeners bool
	closeOnExec  bool
	limits       resources.Limits

	config      *C.struct_bridge_config
	transports  []string
	journal     sync.Mutex // one reader of C's journal at a time
	events      []C.struct_bridge_event
	observation *observation // nil: nobody observes
	status      status

	run    *run             // what runs now; set before and cleared after a job
	calls  map[uint64]*call // calls that wait; only on the PHP thread
	lastID uint64
}

// current is the engine of this process: C has one, too.
var current atomic.Pointer[Engine]

// Start brings the engine up and returns once scripts can run. ctx bounds the wait for
// the start, which is not broken off half-way.
//
// The error is [ErrRunning] while the process has an engine, [ErrUnavailable] without
// cgo, or a [*StartError], for example for a wrong row in [Config.Functions].
func Start(ctx context.Context, cfg Config) (*Engine, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("bridge: start: %w", err)
	}
	e := &Engine{
		logger:  cfg.Logger,
		sockets: resources.NewTable(),
		turn:    make(chan struct{}, 1),
		done:    make(chan struct{}, 1),
		calls:   make(map[uint64]*call),
	}
	if e.logger == nil {
		e.logger = slog.Default()
	}
	if e.listeners = cfg.Listeners; e.listeners == nil {
		e.listeners, e.ownListeners = resources.NewListeners(), true
	}
	var err error
	if e.table, err = phpext.NewTable(append(e.socketFunctions(cfg), cfg.Functions...)...); err != nil {
		return nil, &StartError{Reason: err.Error(), Err: err}
	}
	if !current.CompareAndSwap(nil, e) {
		return nil, ErrRunning
	}
	if err := e.start(cfg); err != nil {
		current.Store(nil)
		return nil, err
	}
	if cfg.Observer != nil {
		e.observation = startObservation(cfg.Observer, e.readJournal)
	}
	e.turn <- struct{}{}
	return e, nil
}

// socketFunctions are the rows that stand in for PHP's, and those behind its transports.
func (e *Engine) socketFunctions(cfg Config) []phpext.Function {
	sockets := &phpext.Sockets{
		Table:         e.sockets,
		Resolver:      cfg.Resolver,
		Transports:    func() []string { return e.transports },
		CloseOnExec:   cfg.CloseOnExec,
		MaxPersistent: cfg.MaxPersistent,
		Policy:        cfg.Policy,
		Dialer:        cfg.Dialer,
		ListenConfig:  cfg.ListenConfig,
		Memory:        cfg.Memory,
		Listeners:     e.listeners,
		KeepListeners: cfg.KeepListeners,
		Limits:        func() phpext.Limits { return e.run.limits },
		Draining:      func() bool { return C.bridge_drain_ask() != 0 },
	}
	if cfg.Observer != nil {
		sockets.Observer = func(ev resources.Event) { e.observation.tell(ev) }
	}
	e.crypto = &ssl.Crypto{Configs: cfg.TLS}
	return append(sockets.Functions(), e.crypto.Functions()...)
}

func (e *Engine) start(cfg Config) error {
	if errno := C.bridge_thread_create(); errno != 0 {
		return &StartError{Reason: "no thread for PHP: " + resources.Strerror(syscallErrno(errno))}
	}
	e.sockets.SetSource(e.readJournal)
	e.sockets.SetCounts(e.traffic)
	e.closeOnExec, e.limits, e.status.started = cfg.CloseOnExec, cfg.Limits, time.Now()
	e.config = newConfig(cfg, e.table)
	e.config.first_handle = C.uint64_t(e.sockets.Reserve(handleBlock))
	e.config.num_handles = handleBlock
	job := e.submit(C.BRIDGE_START, func(j *C.struct_bridge_job) { j.config = e.config })
	defer C.free(unsafe.Pointer(job))
	if job.failed != 0 {
		reason := C.GoString(job.reason)
		C.free(unsafe.Pointer(job.reason))
		// The thread is still there: it ends with a stop, which has nothing to shut down.
		e.stopThread(C.BRIDGE_QUIT)
		return &StartError{Reason: reason}
	}
	e.crypto.Release = ssl.Release{PHP: int(C.bridge_built_version()), OpenSSL: int64(C.bridge_openssl_version())}
	names := C.bridge_transports()
	e.transports = strings.Split(strings.TrimSuffix(takeBytes(names), "\x00"), "\x00")
	return nil
}

// submit gives the PHP thread a job and waits until it is done. The caller frees it.
func (e *Engine) submit(kind C.enum_bridge_job_kind, fill func(*C.struct_bridge_job)) *C.struct_bridge_job {
	job := (*C.struct_bridge_job)(C.calloc(1, C.sizeof_struct_bridge_job))
	job.kind = kind
	if fill != nil {
		fill(job)
	}
	C.bridge_submit(job)
	<-e.done
	return job
}

func (e *Engine) stopThread(kind C.enum_bridge_job_kind) {
	C.free(unsafe.Pointer(e.submit(kind, nil)))
	C.bridge_thread_join()
	freeConfig(e.config)
}

// Close ends the engine, waiting for the run that is under way; ctx bounds that wait.
// After Close a new engine can be started.
func (e *Engine) Close(ctx context.Context) error {
	if err := e.acquire(ctx); err != nil {
		return fmt.Errorf("bridge: close: %w", err)
	}
	e.closed = true
	e.stopThread(C.BRIDGE_STOP)
	e.sockets.CloseAll()
	e.sockets.SetSource(nil)
	e.sockets.SetCounts(nil)
	if e.observation != nil {
		e.observation.end()
	}
	if e.ownListeners {
		_ = e.listeners.Close()
	}
	current.Store(nil)
	e.turn <- struct{}{}
	return nil
}

// acquire waits for the engine to be free.
func (e *Engine) acquire(ctx context.Context) error {
	select {
	case <-e.turn:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if e.closed {
		e.turn <- struct{}{}
		return ErrClosed
	}
	return nil
}

// ClosePersistent closes the persistent sockets that scripts have left open
// (STREAM_CLIENT_PERSISTENT, pfsockopen), waiting for the run that is under way; ctx
// bounds that wait. The next script that asks for one connects anew.
func (e *Engine) ClosePersistent(ctx context.Context) error {
	if err := e.acquire(ctx); err != nil {
		return fmt.Errorf("bridge: close persistent: %w", err)
	}
	C.free(unsafe.Pointer(e.submit(C.BRIDGE_CLOSE_PERSISTENT, nil)))
	e.turn <- struct{}{}
	return nil
}

// Sockets returns the table of the sockets that scripts have open. Between runs it holds
// only persistent ones.
func (e *Engine) Sockets() *resources.Table { return e.sockets }

// Version returns the release of PHP that the program was built with, "8.2.7".
func Version() string { return C.GoString(C.bridge_version()) }
