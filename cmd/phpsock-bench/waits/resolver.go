package waits

import (
	"context"
	"errors"
	"net/netip"
	"time"
)

// Names that [Resolver] does not find.
const (
	// Silent is looked up until the context ends.
	Silent = "silent.test"
	// Deaf is looked up until it is too late, whatever the context says.
	Deaf = "deaf.test"
)

var errNoAnswer = errors.New("waits: no answer")

// Resolver looks up names and never finds any; after [Late] it gives up.
type Resolver struct{}

// LookupNetIP waits; the error is ctx's, or says that there was no answer.
func (Resolver) LookupNetIP(ctx context.Context, _, host string) ([]netip.Addr, error) {
	done := ctx.Done()
	if host == Deaf {
		done = nil
	}
	select {
	case <-done:
		return nil, ctx.Err()
	case <-time.After(Late):
		return nil, errNoAnswer
	}
}
