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
// No operation here ever waits for the network, name resolution apart: where
// the kernel says EAGAIN or EINPROGRESS the caller waits and calls again.
package resources
