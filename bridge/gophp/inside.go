package php

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// Go code that PHP calls must not wait for PHP. It is known by its thread: Output, Log and
// fields are used on PHP's own, and methods of receivers run on a thread that is theirs
// as long as they take.

// inside reports whether the caller is Go code that PHP has called and waits for.
func (e *Engine) inside() bool {
	thread := int32(unix.Gettid())
	if thread == e.thread.Load() {
		return true
	}
	_, calling := e.callers.Load(thread)
	return calling
}

// called runs f so that inside is true there.
func (e *Engine) called(f func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	thread := int32(unix.Gettid())
	e.callers.Store(thread, struct{}{})
	defer e.callers.Delete(thread)
	f()
}
