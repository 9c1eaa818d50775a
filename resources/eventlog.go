package resources

import (
	"context"
	"errors"
	"log/slog"
	"syscall"
	"time"
)

// LogObserver writes a record for each event to l; nil means [slog.Default] as it is at
// that moment.
//
// What happens once per connection is at level Debug: accept, dial, handshake, close.
// Level Info is for what a host wants to know of a busy server, too: listen, refuse,
// limit, and everything that failed apart from a close.
//
// The names of the attributes do not change. Those without a value are left out:
//
//	kind        the event, as [EventKind.String] has it
//	handle      the socket's number in its [Table]
//	transport   "tcp", "udp", "unix", …
//	socket      what the socket is for, as [Kind.String] has it
//	local       the name of this end
//	remote      the name of the other end
//	target      the address as the script wrote it
//	duration    of a dial or a handshake; of a close: the age of the socket
//	bytes_in    of a close: bytes received
//	bytes_out   of a close: bytes sent
//	run         the number of the script's run
//	script      the main script
//	errno       the number of the system's error
//	error       the error
//
// A socket's name may hold any bytes; the handler of l quotes them.
func LogObserver(l *slog.Logger) Observer {
	return func(e Event) {
		logger := l
		if logger == nil {
			logger = slog.Default()
		}
		ctx, level := context.Background(), e.level()
		if !logger.Enabled(ctx, level) {
			return
		}
		if e.Time.IsZero() {
			e.Time = time.Now()
		}
		record := slog.NewRecord(e.Time, level, e.message(), 0)
		record.AddAttrs(e.attrs()...)
		// slog has no place for what goes wrong in a handler, either.
		_ = logger.Handler().Handle(ctx, record)
	}
}

func (e *Event) level() slog.Level {
	switch e.Kind {
	case EventAccept, EventDial, EventHandshake:
		if e.Err != nil {
			return slog.LevelInfo
		}
		return slog.LevelDebug
	case EventClose:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

func (e *Event) message() string {
	switch {
	case e.Kind == EventRefuse:
		return "socket refused by the policy"
	case e.Kind == EventLimit:
		return "socket limit reached"
	case e.Err != nil:
		return "socket " + e.Kind.String() + " failed"
	}
	return "socket " + e.Kind.String()
}

func (e *Event) attrs() []slog.Attr {
	attrs := make([]slog.Attr, 0, 14)
	text := func(key, value string) {
		if value != "" {
			attrs = append(attrs, slog.String(key, value))
		}
	}
	number := func(key string, value uint64) {
		if value != 0 {
			attrs = append(attrs, slog.Uint64(key, value))
		}
	}
	text("kind", e.Kind.String())
	number("handle", uint64(e.Handle))
	text("transport", string(e.Transport))
	if e.Handle != 0 {
		text("socket", e.Info.Kind.String())
	}
	text("local", e.Local)
	text("remote", e.Remote)
	text("target", e.Target)
	switch e.Kind {
	case EventClose:
		attrs = append(attrs, slog.Duration("duration", e.Duration),
			slog.Uint64("bytes_in", e.BytesIn), slog.Uint64("bytes_out", e.BytesOut))
	case EventDial, EventHandshake:
		attrs = append(attrs, slog.Duration("duration", e.Duration))
	}
	number("run", e.Run)
	text("script", e.Script)
	if e.Err != nil {
		var errno syscall.Errno
		if errors.As(e.Err, &errno) {
			number("errno", uint64(errno))
		}
		attrs = append(attrs, slog.Any("error", e.Err))
	}
	return attrs
}
