package php

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/phpsock/phpsock/bridge"
)

// defaultContextWait is long enough for a program that is about to destroy a context, and
// short enough to find out that it never will.
const defaultContextWait = 10 * time.Second

// Engine is PHP in this process.
type Engine struct {
	// ContextWait is how long a context waits for its turn while the one that has it is
	// not in use; 0 means 10 seconds, a negative one no limit. It must not be changed
	// once contexts are in use.
	ContextWait time.Duration

	bridge  *bridge.Engine
	logger  *slog.Logger
	turn    turn
	thread  atomic.Int32 // PHP's; 0 while it is not known
	callers sync.Map     // of threads: they run methods of receivers

	mu        sync.Mutex
	contexts  map[*Context]struct{} // nil once destroyed
	receivers map[string]*Receiver  // by their names in lower case
	names     []string              // of receivers, in the order of their definition
	destroy   sync.Once
}

// New starts PHP with the system's php.ini, but errors are logged whatever that says, for
// [Context].Log to have them. The error is "Cannot activate multiple engine
// instances" while the process has an engine already, which may also be one of package
// bridge; it wraps [bridge.ErrRunning] then.
func New() (*Engine, error) { return NewWith(bridge.Config{SystemINI: true}) }

// NewWith starts PHP as cfg says: with host functions, a policy for sockets, another
// php.ini. [bridge.Config.SAPI] is "gophp-engine" unless it is set, and log_errors is on
// unless [bridge.Config.INI] has it.
func NewWith(cfg bridge.Config) (*Engine, error) {
	cfg.Functions = append(slices.Clone(cfg.Functions), functions()...)
	cfg.INI = append([]string{"expose_php=0", "default_mimetype=", "log_errors=1"}, cfg.INI...)
	if cfg.SAPI == "" {
		cfg.SAPI = sapiName
	}
	b, err := bridge.Start(context.Background(), cfg)
	switch {
	case errors.Is(err, bridge.ErrRunning):
		return nil, &runningError{err}
	case err != nil:
		return nil, fmt.Errorf("PHP engine failed to initialize: %w", err)
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	return &Engine{
		bridge:    b,
		logger:    cfg.Logger,
		contexts:  make(map[*Context]struct{}),
		receivers: make(map[string]*Receiver),
	}, nil
}

// Bridge returns the engine that contexts run on, for its listeners and statistics. Its
// Run waits while a context has the engine, and contexts wait for it.
func (e *Engine) Bridge() *bridge.Engine { return e.bridge }

// NewContext returns a context. Its request begins with its first Exec or Eval.
func (e *Engine) NewContext() (*Context, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.contexts == nil {
		return nil, fmt.Errorf("Failed to initialize context for PHP engine: %w", ErrDestroyed)
	}
	c := &Context{
		Header:    make(http.Header),
		engine:    e,
		calls:     make(chan struct{}, 1),
		destroyed: make(chan struct{}),
		values:    make(map[string]*Value),
	}
	e.contexts[c] = struct{}{}
	return c, nil
}

// className is what PHP takes for the name of a class, with its namespace.
var className = regexp.MustCompile(`^[A-Za-z_\x80-\xff][\w\x80-\xff]*(\\[A-Za-z_\x80-\xff][\w\x80-\xff]*)*$`)

// Define makes a PHP class with that name, final and in every context, also in those
// that run already. Its constructor calls fn with the arguments that PHP passes. What fn
// returns is the Go side of the object; nil makes PHP throw an Exception with the message
// "Failed to instantiate method receiver".
//
// The object's exported fields, if it is a struct or a pointer to one, are properties in
// PHP, and its exported methods are methods, with exactly their names in Go. A property
// that there is not reads as null and is not written, and a method that there is not
// returns null. So does a method without a result and one whose result [NewValue] cannot
// take; several results are a list.
//
// A name that is defined already, in any case, is an error.
func (e *Engine) Define(name string, fn func(args []interface{}) interface{}) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	key := strings.ToLower(name)
	switch {
	case e.contexts == nil:
		return fmt.Errorf("Failed to define receiver '%s': %w", name, ErrDestroyed)
	case e.receivers[key] != nil:
		return fmt.Errorf("Failed to define duplicate receiver '%s'", name)
	case !className.MatchString(name):
		return fmt.Errorf("Failed to define receiver '%s': it is no name for a class", name)
	}
	e.receivers[key] = &Receiver{name: name, create: fn}
	e.names = append(e.names, name)
	return nil
}

// receiver returns the receiver with that name, or nil.
func (e *Engine) receiver(name string) *Receiver {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.receivers[strings.ToLower(name)]
}

// classes returns the names of the receivers.
func (e *Engine) classes() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.names)
}

// forget lets go of a context that was destroyed.
func (e *Engine) forget(c *Context) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.contexts, c)
}

// Destroy destroys all contexts, see [Context.Destroy], and ends PHP; then New can start
// another engine. It returns when that is done; again it does nothing. Called from within
// a running script it returns before the end.
func (e *Engine) Destroy() {
	if e.inside() {
		go e.Destroy()
		return
	}
	e.destroy.Do(func() {
		e.mu.Lock()
		contexts := slices.Collect(maps.Keys(e.contexts))
		receivers := slices.Collect(maps.Values(e.receivers))
		e.contexts = nil
		e.mu.Unlock()
		// Those that are running end, and nobody waits for them behind another.
		var all sync.WaitGroup
		for _, c := range contexts {
			all.Go(c.Destroy)
		}
		all.Wait()
		for _, r := range receivers {
			r.Destroy()
		}
		e.thread.Store(0) // its number may become that of another thread
		_ = e.bridge.Close(context.Background())
	})
}
