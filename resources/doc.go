// Package resources makes the sockets of a PHP engine and keeps them in a table
// of integer handles. It speaks to the Linux kernel directly, gives PHP's words
// for what goes wrong and knows nothing of PHP itself: no interpreter, no cgo.
//
// An address goes through [SplitTransport], then [ParseHostPort] and [Resolve]
// for tcp and udp or [ParseUnixPath] for unix and udg. [Bind], [BindUnix],
// [NewDial] and [SocketPair] turn the result into a [Socket]; [Table] names
// each with a [Handle]. Every failure is an [*Error] with the errno of the
// system call that failed.
//
// Sockets may also be the Go program's own: [FromConn], [FromPacketConn] and
// [FromListener] make a [Socket] of what package net or somebody else's network
// stack gives, [DialVia] and [ListenVia] ask such a stack, [Memory] is a network
// within the process, and [Throttle] puts [Rates] on a socket. Those that the
// kernel does not know are virtual, see [Socket.Virtual]: they have a descriptor
// all the same, so whoever uses a Socket need not care.
//
// No operation of a Socket ever waits for the network: where the kernel says
// EAGAIN or EINPROGRESS the caller waits and calls again. What waits takes a
// context: [Resolve], [DialVia], [ListenVia] and the dials of a [Memory].
package resources
