//go:build !cgo

package bridge

import (
	"context"
	"net"

	"github.com/phpsock/phpsock/resources"
)

// Engine is the running PHP.
type Engine struct {
	sockets   resources.Table
	listeners resources.Listeners
}

// Start returns [ErrUnavailable]: the program was built without cgo.
func Start(context.Context, Config) (*Engine, error) { return nil, ErrUnavailable }

// Run returns [ErrUnavailable].
func (e *Engine) Run(context.Context, Request) (*Result, error) { return nil, ErrUnavailable }

// Close returns [ErrUnavailable].
func (e *Engine) Close(context.Context) error { return ErrUnavailable }

// ClosePersistent returns [ErrUnavailable].
func (e *Engine) ClosePersistent(context.Context) error { return ErrUnavailable }

// Drain returns nil: nothing runs.
func (e *Engine) Drain(context.Context) error { return nil }

// Provide returns [ErrUnavailable].
func (e *Engine) Provide(string, net.Listener) (*resources.Provided, error) {
	return nil, ErrUnavailable
}

// ProvidePacket returns [ErrUnavailable].
func (e *Engine) ProvidePacket(string, net.PacketConn) (*resources.Provided, error) {
	return nil, ErrUnavailable
}

// Listeners returns an empty set.
func (e *Engine) Listeners() *resources.Listeners { return &e.listeners }

// Stats returns nothing.
func (e *Engine) Stats() Stats { return Stats{} }

// Sockets returns an empty table.
func (e *Engine) Sockets() *resources.Table { return &e.sockets }

// Version returns "": there is no PHP.
func Version() string { return "" }
