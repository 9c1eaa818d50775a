//go:build cgo

package bridge

/*
#include "bridge.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources"
	"github.com/phpsock/phpsock/resources/secure"
)

// session returns the session of a stream. C knows only those that there are.
func (e *Engine) session(id C.uint64_t) *secure.Session {
	s := e.crypto.Session(uint64(id))
	if s == nil {
		panic(fmt.Sprintf("bridge: no TLS session %d", id))
	}
	return s
}

func (e *Engine) readTLS(io *C.struct_bridge_tls_io) {
	s := e.session(io.session)
	n, _, err := s.Read(unsafe.Slice((*byte)(unsafe.Pointer(io.data)), io.len))
	io.n = C.int64_t(n)
	if s.Readable(false) {
		io.readable = C.BRIDGE_READABLE_PERHAPS
	}
	e.endTLS(io, err)
}

func (e *Engine) writeTLS(io *C.struct_bridge_tls_io) {
	n, _, err := e.session(io.session).Write(unsafe.Slice((*byte)(unsafe.Pointer(io.data)), io.len), io.large != 0)
	io.n = C.int64_t(n)
	e.endTLS(io, err)
}

// endTLS says, in PHP's words, that nothing more will come or go.
func (e *Engine) endTLS(io *C.struct_bridge_tls_io, err error) {
	if err == nil {
		return
	}
	io.over = 1
	text := e.crypto.Explain(uint64(io.session), err)
	if text == "" {
		return
	}
	words := appendReply(nil, phpext.Outcome{Effects: []phpext.Effect{
		{Kind: phpext.EffectError, Level: phpext.Warning, Text: text},
	}})
	io.words.data, io.words.len = (*C.char)(C.CBytes(words)), C.size_t(len(words))
}

// relayTLS leaves a session to goroutines, so that a child of pcntl_fork(), which has no
// Go, can use the stream as well as its parent: by a socket of the host's like any virtual
// one.
func (e *Engine) relayTLS(session C.uint64_t, handle resources.Handle, relay *C.struct_bridge_tls_relay) {
	conn, err := e.crypto.Relay(uint64(session))
	if err != nil {
		e.logger.Warn("a TLS stream cannot be used in a forked child", "error", err)
		return
	}
	socket, err := resources.FromConn(conn, resources.TCP, resources.Options{CloseOnExec: e.closeOnExec})
	if err != nil {
		_ = conn.Close()
		e.logger.Warn("a TLS stream cannot be used in a forked child", "error", err)
		return
	}
	e.sockets.Replace(handle, socket)
	other, cookie := socket.OtherEnd()
	relay.fd, relay.other_end, relay.other_cookie = C.int(socket.FD()), C.int(other), C.uint64_t(cookie)
}
