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

	"github.com/phpsock/phpsock/phpext"
)

// call is a host function that waits.
type call struct{ *phpext.Call }

func (e *Engine) startCall(c *C.struct_bridge_call) {
	row := e.table.Rows()[c.row]
	args := wireReader{b: unsafe.Slice((*byte)(unsafe.Pointer(c.args)), c.args_len)}
	env := phpext.Env{
		Context:        e.run.ctx,
		Run:            e.run.info.ID,
		Script:         e.run.info.Script,
		Args:           make([]phpext.Value, 0, c.num_args),
		Socket:         e.sockets.Lookup,
		Insert:         e.sockets.Insert,
		Unread:         unread,
		DefaultTimeout: int64(c.default_timeout),
		Errno:          syscall.Errno(c.errno_value),
		Notify:         notify,
	}
	for range int(c.num_args) {
		v, absent := args.value()
		if absent && len(env.Args) < len(row.Params) {
			// A named argument was left out: it has its default.
			v = row.Params[len(env.Args)].Default
		}
		env.Args = append(env.Args, v)
	}
	if c.context != nil {
		options := wireReader{b: unsafe.Slice((*byte)(unsafe.Pointer(c.context)), c.context_len)}
		v, _ := options.value()
		env.StreamContext = &phpext.StreamContext{Options: v.Array(), Default: c.context_default != 0}
	}
	if args.err != nil {
		e.fail(c, args.err.Error())
		return
	}
	pc := phpext.NewCall(row, env)
	e.answer(c, &call{pc}, pc.Start())
}

func (e *Engine) resumeCall(c *C.struct_bridge_call, ready int) {
	waiting := e.calls[uint64(c.id)]
	delete(e.calls, uint64(c.id))
	if phpext.Ready(ready) == phpext.ReadyCancelled {
		e.run.end()
	}
	e.answer(c, waiting, waiting.Resume(phpext.Ready(ready)))
}

// answer tells C how to go on.
func (e *Engine) answer(c *C.struct_bridge_call, pc *call, o phpext.Outcome) {
	switch {
	case o.Original:
		c.outcome = C.BRIDGE_ORIGINAL
	case o.Await != nil:
		e.lastID++
		e.calls[e.lastID] = pc
		c.outcome = C.BRIDGE_AWAIT
		c.id = C.uint64_t(e.lastID)
		c.fd = C.int(o.Await.FD)
		c.events = C.int(o.Await.Events)
		c.timeout_ms = -1
		if o.Await.Timeout >= 0 {
			c.timeout_ms = C.int64_t(o.Await.Timeout / time.Millisecond)
		}
	default:
		e.reply(c, appendReply(nil, o))
	}
}

// fail answers with a PHP Error.
func (e *Engine) fail(c *C.struct_bridge_call, message string) {
	message = e.table.Rows()[c.row].Name + "(): " + message
	e.reply(c, appendReply(nil, phpext.Outcome{Throw: &phpext.Throw{Class: "Error", Message: message}}))
}

func (e *Engine) reply(c *C.struct_bridge_call, b []byte) {
	c.outcome = C.BRIDGE_DONE
	c.reply.data = (*C.char)(C.CBytes(b))
	c.reply.len = C.size_t(len(b))
}

func notify() { C.bridge_notify() }

// unread copies what PHP has read from a stream's socket and the script has not taken.
func unread(id int64) []byte {
	var n C.size_t
	data := C.bridge_unread(C.int64_t(id), &n)
	if data == nil {
		return nil
	}
	return C.GoBytes(unsafe.Pointer(data), C.int(n))
}
