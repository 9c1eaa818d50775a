//go:build cgo

package bridge

/*
#include "bridge.h"
*/
import "C"

import (
	"unsafe"

	"github.com/phpsock/phpsock/resources"
)

// readJournal brings the socket table up to date with what C accepted and closed.
func (e *Engine) readJournal() {
	e.journal.Lock()
	defer e.journal.Unlock()
	if e.events == nil {
		e.events = make([]C.struct_bridge_event, 1024)
	}
	for {
		n := int(C.bridge_journal_take(&e.events[0], C.uint32_t(len(e.events))))
		for i := range e.events[:n] {
			e.apply(&e.events[i])
		}
		if n == 0 {
			return
		}
	}
}

func (e *Engine) apply(event *C.struct_bridge_event) {
	handle := resources.Handle(event.handle)
	if event.listener == 0 {
		e.sockets.Remove(handle)
		return
	}
	local := ""
	if listener, ok := e.sockets.Peek(resources.Handle(event.listener)); ok {
		local = listener.Local()
	}
	peer := resources.SockaddrName(unsafe.Slice((*byte)(unsafe.Pointer(&event.peer[0])), int(event.peer_len)))
	e.sockets.Adopt(handle, resources.Adopted(transports[event.transport], int(event.fd), local, peer))
}
