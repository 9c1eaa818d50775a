//go:build !cgo

package bridge

import (
	"context"

	"github.com/phpsock/phpsock/resources"
)

// Engine is the running PHP.
type Engine struct{ sockets resources.Table }

// Start returns [ErrUnavailable]: the program was built without cgo.
func Start(context.Context, Config) (*Engine, error) { return nil, ErrUnavailable }

// Run returns [ErrUnavailable].
func (e *Engine) Run(context.Context, Request) (*Result, error) { return nil, ErrUnavailable }

// Close returns [ErrUnavailable].
func (e *Engine) Close(context.Context) error { return ErrUnavailable }

// ClosePersistent returns [ErrUnavailable].
func (e *Engine) ClosePersistent(context.Context) error { return ErrUnavailable }

// Sockets returns an empty table.
func (e *Engine) Sockets() *resources.Table { return &e.sockets }

// Version returns "": there is no PHP.
func Version() string { return "" }
