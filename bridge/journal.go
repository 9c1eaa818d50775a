//go:build cgo

package bridge

/*
#include "bridge.h"
*/
import "C"

import (
	"syscall"
	"time"
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
	told := resources.Event{Time: time.Unix(0, int64(event.time_ns))}
	switch event.kind {
	case C.BRIDGE_EVENT_ACCEPTED, C.BRIDGE_EVENT_TAKEN_OVER:
		socket := e.adopt(handle, event)
		if event.kind == C.BRIDGE_EVENT_TAKEN_OVER {
			return
		}
		e.status.countAccept()
		told.Kind, told.Info = resources.EventAccept, socket.Info()
	case C.BRIDGE_EVENT_CLOSED:
		socket, ok := e.sockets.Peek(handle)
		if !ok {
			return
		}
		told.Kind, told.Info = resources.EventClose, socket.Info()
		e.sockets.Remove(handle)
		told.BytesIn += uint64(event.received)
		told.BytesOut += uint64(event.sent)
		e.status.countClosed(resources.Traffic{In: told.BytesIn, Out: told.BytesOut})
		told.Duration = told.Time.Sub(socket.Created())
	case C.BRIDGE_EVENT_HANDSHAKE:
		told.Kind = resources.EventHandshake
		told.Duration = time.Duration(event.duration_us) * time.Microsecond
	case C.BRIDGE_EVENT_LIMIT:
		told.Kind = resources.EventLimit
	}
	if e.observation == nil {
		return
	}
	if told.Handle == 0 {
		if socket, ok := e.sockets.Peek(handle); ok {
			told.Info = socket.Info()
		}
	}
	if event.error != 0 {
		told.Err = syscall.Errno(event.error)
	}
	now := e.status.now()
	told.Run, told.Script = now.ID, now.Script
	e.observation.tell(told)
}

// adopt takes a socket that C has opened into the table.
func (e *Engine) adopt(handle resources.Handle, event *C.struct_bridge_event) *resources.Socket {
	peer := resources.SockaddrName(unsafe.Slice((*byte)(unsafe.Pointer(&event.peer[0])), int(event.peer_len)))
	transport, fd, at := transports[event.transport], int(event.fd), time.Unix(0, int64(event.time_ns))
	socket := resources.TakenOver(transport, fd, peer, at)
	if event.kind == C.BRIDGE_EVENT_ACCEPTED {
		local := ""
		if listener, ok := e.sockets.Peek(resources.Handle(event.listener)); ok {
			local = listener.Local()
		}
		socket = resources.Adopted(transport, fd, local, peer, at)
	}
	e.sockets.Adopt(handle, socket)
	return socket
}

// traffic tells what C has counted of the open sockets.
func (e *Engine) traffic() map[resources.Handle]resources.Traffic {
	var counts []C.struct_bridge_counts
	n := 1024
	for {
		counts = make([]C.struct_bridge_counts, n)
		n = int(C.bridge_journal_counts(&counts[0], C.uint64_t(len(counts))))
		if n <= len(counts) {
			break
		}
		n += n / 4 // more may come in the meantime
	}
	traffic := make(map[resources.Handle]resources.Traffic, n)
	for _, c := range counts[:n] {
		traffic[resources.Handle(c.handle)] = resources.Traffic{In: uint64(c.received), Out: uint64(c.sent)}
	}
	return traffic
}
