package resources

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEventKindString(t *testing.T) {
	for kind, want := range map[EventKind]string{
		0: "unknown", EventListen: "listen", EventAccept: "accept", EventDial: "dial", EventHandshake: "handshake",
		EventClose: "close", EventRefuse: "refuse", EventLimit: "limit", EventLimit + 1: "unknown", 255: "unknown",
	} {
		require.Equal(t, want, kind.String())
	}
}

func TestObservers(t *testing.T) {
	require.Nil(t, Observers())
	require.Nil(t, Observers(nil, nil))

	var called []string
	named := func(name string) Observer {
		return func(e Event) { called = append(called, name+" "+e.Kind.String()) }
	}
	Observers(nil, named("only"))(Event{Kind: EventDial})
	require.Equal(t, []string{"only dial"}, called)

	called = nil
	list := []Observer{named("first"), nil, named("second")}
	both := Observers(list...)
	list[0] = nil
	both(Event{Kind: EventClose})
	require.Equal(t, []string{"first close", "second close"}, called)
}
