//go:build cgo

package bridge

import (
	"context"
	"fmt"
)

// Drain lets the run that is under way come to its end without losing a connection, and
// returns when it is over; without a run it returns at once. Nothing new is accepted any
// more: it waits in the queues of the listeners, which the next script finds again if
// they are [Engine.Provide]d or kept ([Config.KeepListeners]). Connections that are open
// are served on. When the last accepted one is closed, the run ends where it would wait
// for the next, in stream_socket_accept, stream_select or stream_socket_recvfrom, as if
// the script called exit() there. A script that calls phpsock_draining() is left to end by
// itself: its waits for clients return then, as if their time were over.
//
// When ctx ends first the run is cancelled at once, [Engine.Run] returns an error that
// wraps [ErrDrain], and Drain one that wraps ctx's cause.
func (e *Engine) Drain(ctx context.Context) error {
	ended, end := e.status.drain()
	if ended == nil {
		return nil
	}
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
	}
	end(ErrDrain)
	<-ended
	return fmt.Errorf("bridge: drain: %w", context.Cause(ctx))
}
