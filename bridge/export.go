//go:build cgo

package bridge

// Everything that C calls in Go. All of it runs on the PHP thread, and nothing here may
// call back into PHP: an error that PHP raises leaves by longjmp, which must not cross a
// Go frame. So calls return what is to be done, and C does it.

/*
#include "bridge.h"
*/
import "C"

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"unsafe"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
)

// pinned must be the first thing in every function here: defer pinned()(). The PHP thread
// has a working directory and umask of its own, and a thread that Go's scheduler started
// from it would share them for good. While locked, Go starts threads from a clean one.
func pinned() func() {
	runtime.LockOSThread()
	return runtime.UnlockOSThread
}

//export bridgeGoEnter
func bridgeGoEnter() { defer pinned()() }

//export bridgeGoDone
func bridgeGoDone() {
	defer pinned()()
	current.Load().done <- struct{}{}
}

//export bridgeGoWrite
func bridgeGoWrite(data *C.char, n C.size_t) (written C.size_t) {
	defer pinned()()
	e := current.Load()
	defer e.recoverPanic("output", func(any) { written = 0 })
	w, err := e.run.output.Write(unsafe.Slice((*byte)(unsafe.Pointer(data)), n))
	if err != nil {
		return C.size_t(max(w, 0))
	}
	return n
}

//export bridgeGoLog
func bridgeGoLog(data *C.char, n C.size_t) {
	defer pinned()()
	e := current.Load()
	defer e.recoverPanic("log", func(any) {})
	line := make([]byte, 0, n+1)
	line = append(append(line, unsafe.Slice((*byte)(unsafe.Pointer(data)), n)...), '\n')
	_, _ = e.run.log.Write(line) // there is nowhere left to report it
}

//export bridgeGoCall
func bridgeGoCall(c *C.struct_bridge_call) {
	defer pinned()()
	e := current.Load()
	defer e.recoverPanic(e.table.Rows()[c.row].Name, e.callPanicked(c))
	e.startCall(c)
}

//export bridgeGoResume
func bridgeGoResume(c *C.struct_bridge_call, ready C.int) {
	defer pinned()()
	e := current.Load()
	defer e.recoverPanic(e.table.Rows()[c.row].Name, e.callPanicked(c))
	e.resumeCall(c, int(ready))
}

//export bridgeGoReadJournal
func bridgeGoReadJournal() {
	defer pinned()()
	e := current.Load()
	defer e.recoverPanic("the close of a socket", func(any) {})
	e.readJournal()
}

//export bridgeGoReserveHandles
func bridgeGoReserveHandles(n *C.uint32_t) C.uint64_t {
	defer pinned()()
	*n = handleBlock
	return C.uint64_t(current.Load().sockets.Reserve(handleBlock))
}

//export bridgeGoTLSRead
func bridgeGoTLSRead(io *C.struct_bridge_tls_io) {
	defer pinned()()
	e := current.Load()
	defer e.recoverPanic("a read of TLS", func(any) { io.n, io.over = 0, 1 })
	e.readTLS(io)
}

//export bridgeGoTLSWrite
func bridgeGoTLSWrite(io *C.struct_bridge_tls_io) {
	defer pinned()()
	e := current.Load()
	defer e.recoverPanic("a write of TLS", func(any) { io.n, io.over = 0, 1 })
	e.writeTLS(io)
}

//export bridgeGoTLSReadable
func bridgeGoTLSReadable(session C.uint64_t) (readable C.int) {
	defer pinned()()
	e := current.Load()
	defer e.recoverPanic("a look at TLS", func(any) {})
	return flag(e.session(session).Readable(true))
}

//export bridgeGoTLSAlive
func bridgeGoTLSAlive(session C.uint64_t) (alive C.int) {
	defer pinned()()
	e := current.Load()
	defer e.recoverPanic("a look at TLS", func(any) {})
	return flag(e.session(session).Alive())
}

//export bridgeGoTLSGoodbye
func bridgeGoTLSGoodbye(session C.uint64_t) {
	defer pinned()()
	e := current.Load()
	defer e.recoverPanic("the end of TLS", func(any) {})
	e.session(session).CloseWrite()
}

//export bridgeGoTLSLeftover
func bridgeGoTLSLeftover(session C.uint64_t, leftover *C.struct_bridge_bytes) {
	defer pinned()()
	e := current.Load()
	defer e.recoverPanic("the end of TLS", func(any) {})
	if b := e.session(session).Leftover(); len(b) > 0 {
		leftover.data, leftover.len = (*C.char)(C.CBytes(b)), C.size_t(len(b))
	}
}

//export bridgeGoTLSRelay
func bridgeGoTLSRelay(session, handle C.uint64_t, relay *C.struct_bridge_tls_relay) {
	defer pinned()()
	e := current.Load()
	relay.fd = -1
	defer e.recoverPanic("the relay of TLS", func(any) {})
	e.relayTLS(session, resources.Handle(handle), relay)
}

//export bridgeGoTLSClose
func bridgeGoTLSClose(session C.uint64_t) {
	defer pinned()()
	e := current.Load()
	defer e.recoverPanic("the end of TLS", func(any) {})
	e.crypto.Close(uint64(session))
}

// callPanicked makes a PHP Error of a panic in a host function.
func (e *Engine) callPanicked(c *C.struct_bridge_call) func(reason any) {
	return func(reason any) {
		delete(e.calls, uint64(c.id))
		e.fail(c, fmt.Sprintf("the host function panicked: %v", reason))
	}
}

// recoverPanic must be deferred itself, so that recover works.
func (e *Engine) recoverPanic(where string, then func(reason any)) {
	if reason := recover(); reason != nil {
		stack := debug.Stack()
		if p, ok := reason.(*phpext.Panic); ok {
			stack = p.Stack // of the goroutine where it happened
		}
		e.logger.Error("panic in Go code called by PHP", "in", where, "panic", reason, "stack", string(stack))
		then(reason)
	}
}
