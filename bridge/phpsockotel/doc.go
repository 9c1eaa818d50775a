// Package phpsockotel gives the numbers of an engine to OpenTelemetry, and its dials and
// TLS handshakes as spans. It is a module of its own, so that programs without
// OpenTelemetry do not carry it.
//
// [Register] makes instruments that read [bridge.Stats] whenever they are asked, and cost
// nothing in between:
//
//	phpsock.socket.open           {socket}      sockets that are open, by transport and kind
//	phpsock.socket.opened         {socket}      sockets that there ever were
//	phpsock.connection.accepted   {connection}  connections that were accepted
//	phpsock.network.io            By            traffic, by network.io.direction
//	phpsock.run.started           {run}         runs of scripts that have begun
//	phpsock.run.active            {run}         1 while a script runs
//	phpsock.engine.uptime         s             how long the engine has been up
//	phpsock.engine.draining       1             1 while no new connections are accepted
//
// [NewEvents] makes instruments for what a [resources.Observer] is told:
//
//	phpsock.listens               {socket}      servers that were bound
//	phpsock.accepts               {connection}  connections that were accepted
//	phpsock.dial.duration         s             how long dialling took
//	phpsock.handshake.duration    s             how long TLS handshakes took
//	phpsock.connection.duration   s             how old connections were at their end
//	phpsock.refusals              {operation}   what the policy refused, by phpsock.operation
//	phpsock.limit.hits            {event}       how often a limit was reached
//	phpsock.errors                {error}       what failed otherwise, by phpsock.event
//
// Attributes are those of the semantic conventions where they have one:
// network.transport, network.io.direction, and error.type, which is missing where nothing
// failed, and is else the system's name for the error ("ECONNREFUSED"), the step that
// failed without one ("resolve"), or the type of the error in Go. phpsock.transport is
// the scheme of the address, which tells unix from udg and knows pairs; phpsock.socket.kind
// and phpsock.event are as [resources.Kind] and [resources.EventKind] print them.
//
// The spans are named "phpsock.dial" and "phpsock.handshake". They have the addresses as
// attributes, and a parent where [WithContext] gives them one.
package phpsockotel
