//go:build cgo

package bridge

import (
	"net"

	"github.com/phpsock/phpsock/resources"
)

// Provide makes a listener of the host the one that a script gets from
// stream_socket_server for that address ("tcp://0.0.0.0:8080", "unix:///run/app.sock",
// "mem://app"), in this run and all later ones: it stays open, and connections wait in
// its queue while no script runs. It may be any listener: one of systemd's, of a VPN or a
// user-space network, one that speaks TLS or the PROXY protocol. Those of package net
// itself are handed over by descriptor and cost no more than a script's own.
//
// The listener is taken over, l must not be used afterwards. [resources.Provided.Close]
// ends it, or [Engine.Close]. The policy is not asked: the host has decided. The error is
// that of [resources.Listeners.Provide].
func (e *Engine) Provide(address string, l net.Listener) (*resources.Provided, error) {
	return e.listeners.Provide(address, l)
}

// ProvidePacket does for a datagram socket ("udp://…", "udg://…") what [Engine.Provide]
// does for a listener.
func (e *Engine) ProvidePacket(address string, c net.PacketConn) (*resources.Provided, error) {
	return e.listeners.ProvidePacket(address, c)
}

// Listeners returns the listeners that outlive scripts: provided, kept and inherited ones.
func (e *Engine) Listeners() *resources.Listeners { return e.listeners }
