//go:build cgo

package bridge

/*
#include "bridge.h"
*/
import "C"

import (
	"os"
	"sync"
	"time"

	"github.com/phpsock/phpsock/resources"
)

// maxQueued is how many events wait for a slow observer; the oldest are lost then.
const maxQueued = 1 << 16

// gather is how long the journal is left alone after it was read, so that many accepts
// and closes cost one look.
const gather = 5 * time.Millisecond

// observation hands events to the host's observer, in their order, on one goroutine, so
// that an observer can neither hold PHP up nor be called with a lock held.
type observation struct {
	observer resources.Observer
	bell     *os.File // readable when C has written something down

	mu    sync.Mutex
	queue []resources.Event
	lost  uint64

	news chan struct{}
	stop chan struct{}
	done sync.WaitGroup
}

func startObservation(observer resources.Observer, read func()) *observation {
	o := &observation{observer: observer, news: make(chan struct{}, 1), stop: make(chan struct{})}
	if fd := C.bridge_journal_bell(); fd >= 0 {
		o.bell = os.NewFile(uintptr(fd), "journal")
	}
	o.done.Go(o.deliver)
	if o.bell != nil {
		o.done.Go(func() { o.listen(read) })
	}
	return o
}

// listen reads the journal whenever there is something in it.
func (o *observation) listen(read func()) {
	count := make([]byte, 8)
	for {
		C.bridge_journal_ask()
		read() // what was written before anybody asked
		if _, err := o.bell.Read(count); err != nil {
			return
		}
		select {
		case <-o.stop:
			return
		case <-time.After(gather):
		}
	}
}

// tell queues an event.
func (o *observation) tell(e resources.Event) {
	o.mu.Lock()
	if len(o.queue) == maxQueued {
		o.queue = o.queue[1:]
		o.lost++
	}
	o.queue = append(o.queue, e)
	o.mu.Unlock()
	select {
	case o.news <- struct{}{}:
	default:
	}
}

func (o *observation) take() []resources.Event {
	o.mu.Lock()
	defer o.mu.Unlock()
	events := o.queue
	o.queue = nil
	return events
}

func (o *observation) deliver() {
	for {
		for _, e := range o.take() {
			o.observer(e)
		}
		select {
		case <-o.news:
		case <-o.stop:
			for _, e := range o.take() {
				o.observer(e)
			}
			return
		}
	}
}

// end delivers what is queued and returns.
func (o *observation) end() {
	C.bridge_journal_unask()
	close(o.stop)
	if o.bell != nil {
		_ = o.bell.Close()
	}
	o.done.Wait()
}
