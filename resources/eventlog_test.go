package resources

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var eventTime = time.Date(2024, 5, 17, 12, 0, 0, 0, time.UTC)

// logged gives the records that an observer of that level makes of the events, as JSON
// has them.
func logged(t *testing.T, level slog.Level, events ...Event) []map[string]any {
	t.Helper()
	var out bytes.Buffer
	observe := LogObserver(slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: level, AddSource: true})))
	for _, e := range events {
		observe(e)
	}
	var records []map[string]any
	for line := range strings.Lines(out.String()) {
		var record map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &record))
		records = append(records, record)
	}
	return records
}

func TestLogObserverAttributes(t *testing.T) {
	conn := Info{
		Handle: 7, Transport: TCP, Kind: KindConn, Local: "127.0.0.1:80", Remote: "127.0.0.1:4000",
		BytesIn: 12, BytesOut: 0,
	}
	for name, c := range map[string]struct {
		event Event
		want  map[string]any
	}{
		"listen": {
			Event{Kind: EventListen, Info: Info{Handle: 1, Transport: Unix, Kind: KindListener, Local: "/run/s"},
				Target: "/run/s", Run: 3, Script: "/srv/a.php"},
			map[string]any{"level": "INFO", "msg": "socket listen", "kind": "listen", "handle": 1., "transport": "unix",
				"socket": "listener", "local": "/run/s", "target": "/run/s", "run": 3., "script": "/srv/a.php"},
		},
		"accept": {
			Event{Kind: EventAccept, Info: conn},
			map[string]any{"level": "DEBUG", "msg": "socket accept", "kind": "accept", "handle": 7., "transport": "tcp",
				"socket": "connection", "local": "127.0.0.1:80", "remote": "127.0.0.1:4000"},
		},
		"close": {
			Event{Kind: EventClose, Info: conn, Duration: time.Second},
			map[string]any{"level": "DEBUG", "msg": "socket close", "kind": "close", "handle": 7., "transport": "tcp",
				"socket": "connection", "local": "127.0.0.1:80", "remote": "127.0.0.1:4000",
				"duration": 1e9, "bytes_in": 12., "bytes_out": 0.},
		},
		"failed dial": {
			Event{Kind: EventDial, Info: Info{Transport: TCP}, Target: "h:1", Duration: time.Millisecond,
				Err: sysError("connect", "127.0.0.1:1", syscall.ECONNREFUSED)},
			map[string]any{"level": "INFO", "msg": "socket dial failed", "kind": "dial", "transport": "tcp", "target": "h:1",
				"duration": 1e6, "errno": 111., "error": `resources: connect "127.0.0.1:1": Connection refused`},
		},
		"handshake": {
			Event{Kind: EventHandshake, Info: Info{Handle: 2, Transport: TCP, Kind: KindConn}, Err: errors.New("no cipher")},
			map[string]any{"level": "INFO", "msg": "socket handshake failed", "kind": "handshake", "handle": 2.,
				"transport": "tcp", "socket": "connection", "duration": 0., "error": "no cipher"},
		},
		"refusal": {
			Event{Kind: EventRefuse, Info: Info{Transport: UDP}, Target: "10.0.0.1:53",
				Err: &Error{Op: "sendto", Errno: syscall.EACCES, Text: "not there"}},
			map[string]any{"level": "INFO", "msg": "socket refused by the policy", "kind": "refuse", "transport": "udp",
				"target": "10.0.0.1:53", "errno": 13., "error": "resources: sendto: not there"},
		},
		"limit that only delays": {
			Event{Kind: EventLimit, Info: Info{Handle: 3, Transport: TCP, Kind: KindListener}},
			map[string]any{"level": "INFO", "msg": "socket limit reached", "kind": "limit", "handle": 3.,
				"transport": "tcp", "socket": "listener"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.event.Time = eventTime
			c.want["time"] = "2024-05-17T12:00:00Z"
			require.Equal(t, []map[string]any{c.want}, logged(t, slog.LevelDebug, c.event))
		})
	}
}

func TestLogObserverLevels(t *testing.T) {
	failed := errors.New("failed")
	for event, want := range map[Event]slog.Level{
		{Kind: EventListen}:                 slog.LevelInfo,
		{Kind: EventListen, Err: failed}:    slog.LevelInfo,
		{Kind: EventAccept}:                 slog.LevelDebug,
		{Kind: EventAccept, Err: failed}:    slog.LevelInfo,
		{Kind: EventDial}:                   slog.LevelDebug,
		{Kind: EventDial, Err: failed}:      slog.LevelInfo,
		{Kind: EventHandshake}:              slog.LevelDebug,
		{Kind: EventHandshake, Err: failed}: slog.LevelInfo,
		{Kind: EventClose}:                  slog.LevelDebug,
		{Kind: EventClose, Err: failed}:     slog.LevelDebug,
		{Kind: EventRefuse, Err: failed}:    slog.LevelInfo,
		{Kind: EventLimit}:                  slog.LevelInfo,
		{Kind: EventKind(99) /* to come */}: slog.LevelInfo,
	} {
		require.Len(t, logged(t, want, event), 1, "%v %v", event.Kind, event.Err)
		require.Empty(t, logged(t, want+1, event), "%v %v", event.Kind, event.Err)
	}
}

func TestLogObserverAnyBytes(t *testing.T) {
	var out bytes.Buffer
	LogObserver(slog.New(slog.NewTextHandler(&out, nil)))(Event{
		Kind: EventListen, Info: Info{Handle: 1, Transport: Unix, Local: "\x00a\n\xff msg=forged"},
	})
	require.Contains(t, out.String(), `local="\x00a\n\xff msg=forged"`)
	require.Equal(t, 1, strings.Count(out.String(), "\n"))
}

func TestLogObserverDefault(t *testing.T) {
	var out bytes.Buffer
	observe := LogObserver(nil)
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, nil)))
	observe(Event{Kind: EventLimit, Err: fmt.Errorf("wrapped: %w", syscall.EMFILE)})
	require.Regexp(t, `^time=\d\S+ level=INFO msg="socket limit reached" kind=limit errno=24 error="wrapped: too many`,
		out.String(), "the time is now where the event has none")
}
