package resources

import "time"

// EventKind tells what happened to a socket.
type EventKind uint8

// The kinds of event. Whether it worked is for [Event.Err] to say.
const (
	EventListen    EventKind = iota + 1 // a server was bound; it listens, where its transport does that
	EventAccept                         // a connection came out of a listener's queue
	EventDial                           // a client was connected
	EventHandshake                      // TLS was agreed on, or not
	EventClose                          // a socket was closed, whoever did it
	EventRefuse                         // the policy refused an operation
	EventLimit                          // a limit was reached
)

var eventNames = [...]string{"unknown", "listen", "accept", "dial", "handshake", "close", "refuse", "limit"}

// String gives the kind in one lower-case word.
func (k EventKind) String() string {
	if int(k) < len(eventNames) {
		return eventNames[k]
	}
	return eventNames[0]
}

// Event is something that happened to a socket, told when it was over.
type Event struct {
	Kind EventKind
	// Time is when it was over.
	Time time.Time
	// Duration is how long a dial or a handshake took, and at a close how old the
	// socket became; 0 for the other kinds.
	Duration time.Duration
	// Info is the socket. Where none was made, as after a dial that failed, it has no
	// Handle, and holds what is known of the attempt.
	Info
	// Run is the number of the script's run, 0 outside of any.
	Run uint64
	// Script is the path of the main script, "" for code that was given as text.
	Script string
	// Target is the address as the script wrote it, without "transport://"; "" where no
	// address was written, as in an accept.
	Target string
	// Err is nil where it worked. What a script was told is an [*Error], or an errno
	// that [errors.As] finds. A refusal has the policy's reason, and a limit what the
	// script got to feel of it; nil if that was only a delay.
	Err error
}

// Observer is told what happens to sockets. The engine calls it on a goroutine of its
// own, one event after the other in the order in which they happened, so that a slow
// observer never holds a script up; but while it is slow events wait, and when there are
// very many the oldest are lost.
type Observer func(Event)

// Observers makes one observer of several, which are called in turn. Those that are nil
// are left out; it is nil if none remains.
func Observers(observers ...Observer) Observer {
	var all []Observer
	for _, o := range observers {
		if o != nil {
			all = append(all, o)
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return func(e Event) {
		for _, o := range all {
			o(e)
		}
	}
}
