// Package bridge runs PHP inside a Go program: the real Zend Engine of libphp, with the
// stream sockets of [github.com/phpsock/phpsock/phpext] in the place of PHP's own.
//
// [Start] brings the engine up, [Engine.Run] runs a script, [Engine.Close] ends it. A
// build of PHP without thread safety (NTS), which is what distributions ship, has its
// state in global variables, so a process has one engine at a time; calls of Run queue.
//
// PHP runs on a thread of its own that C has created. All of it happens there: start-up,
// every run, shutdown. Package files named *.c are that side; what they call in Go stands
// in export.go, what Go calls in them in bridge.h.
//
// Without cgo the package builds, and Start returns [ErrUnavailable].
package bridge
