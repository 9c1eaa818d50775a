package phpsockotel

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/phpsock/phpsock/resources"
)

var at = time.Date(2024, 5, 17, 12, 0, 0, 0, time.UTC)

func spans(t *testing.T, options []Option, events ...resources.Event) tracetest.SpanStubs {
	t.Helper()
	exporter := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	e, err := NewEvents(append(options, WithTracerProvider(provider))...)
	require.NoError(t, err)
	for _, event := range events {
		e.Observe(event)
	}
	return exporter.GetSpans()
}

func TestSpans(t *testing.T) {
	for name, c := range map[string]struct {
		event  resources.Event
		span   string
		kind   trace.SpanKind
		status sdktrace.Status
		attrs  map[attribute.Key]any
	}{
		"dial": {
			resources.Event{Kind: resources.EventDial, Info: resources.Info{
				Handle: 4, Transport: resources.TCP, Kind: resources.KindConn, Local: "10.0.0.1:4000", Remote: "[2001:db8::1]:443",
			}, Target: "example.com:443", Run: 3, Script: "/srv/a.php"},
			"phpsock.dial", trace.SpanKindClient, sdktrace.Status{},
			map[attribute.Key]any{
				"phpsock.transport": "tcp", "network.transport": "tcp", "server.address": "example.com", "server.port": int64(443),
				"network.local.address": "10.0.0.1", "network.local.port": int64(4000),
				"network.peer.address": "2001:db8::1", "network.peer.port": int64(443),
				"phpsock.socket.handle": int64(4), "phpsock.run.id": int64(3), "phpsock.script": "/srv/a.php",
			},
		},
		"failed dial": {
			resources.Event{Kind: resources.EventDial, Info: resources.Info{Transport: resources.UDP}, Target: "nonsense", Err: refused},
			"phpsock.dial", trace.SpanKindClient, sdktrace.Status{Code: codes.Error, Description: refused.Error()},
			map[attribute.Key]any{
				"phpsock.transport": "udp", "network.transport": "udp", "server.address": "nonsense", "error.type": "ECONNREFUSED",
			},
		},
		"any bytes": {
			resources.Event{Kind: resources.EventDial, Info: resources.Info{Transport: resources.Unix, Remote: "\x00a\xff"}, Target: "/\xfe"},
			"phpsock.dial", trace.SpanKindClient, sdktrace.Status{},
			map[attribute.Key]any{
				"phpsock.transport": "unix", "network.transport": "unix", "server.address": "/\uFFFD",
				"network.peer.address": "\x00a\uFFFD",
			},
		},
		"handshake of a server": {
			resources.Event{Kind: resources.EventHandshake, Info: resources.Info{Transport: resources.TCP, Accepted: true}},
			"phpsock.handshake", trace.SpanKindServer, sdktrace.Status{},
			map[attribute.Key]any{"phpsock.transport": "tcp", "network.transport": "tcp"},
		},
		"handshake of a client": {
			resources.Event{Kind: resources.EventHandshake, Info: tcp},
			"phpsock.handshake", trace.SpanKindClient, sdktrace.Status{},
			map[attribute.Key]any{"phpsock.transport": "tcp", "network.transport": "tcp"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.event.Time, c.event.Duration = at, 250*time.Millisecond
			all := spans(t, nil, c.event)
			require.Len(t, all, 1)
			span := all[0]
			require.Equal(t, c.span, span.Name)
			require.Equal(t, c.kind, span.SpanKind)
			require.Equal(t, c.status, span.Status)
			require.Equal(t, at.Add(-250*time.Millisecond), span.StartTime)
			require.Equal(t, at, span.EndTime)
			require.False(t, span.Parent.IsValid())
			attrs := map[attribute.Key]any{}
			for _, a := range span.Attributes {
				attrs[a.Key] = a.Value.AsInterface()
			}
			require.Equal(t, c.attrs, attrs)
		})
	}
}

func TestOnlyWhatTakesTimeIsASpan(t *testing.T) {
	var events []resources.Event
	for kind := range resources.EventLimit + 2 {
		if kind != resources.EventDial && kind != resources.EventHandshake {
			events = append(events, resources.Event{Kind: kind, Info: tcp})
		}
	}
	require.Empty(t, spans(t, nil, events...))
}

func TestSpanNow(t *testing.T) {
	span := spans(t, nil, resources.Event{Kind: resources.EventDial, Info: tcp, Duration: time.Minute})[0]
	require.Equal(t, time.Minute, span.EndTime.Sub(span.StartTime))
	require.WithinDuration(t, time.Now(), span.EndTime, time.Hour)
}

// The host's span is the parent, and the exemplar of a histogram is the span.
func TestSpanParent(t *testing.T) {
	provider, read := reader(t)
	exporter := tracetest.NewInMemoryExporter()
	tracers := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	ctx, parent := tracers.Tracer("host").Start(t.Context(), "request")
	e, err := NewEvents(WithMeterProvider(provider), WithTracerProvider(tracers),
		WithContext(func(e resources.Event) context.Context {
			if e.Run == 1 {
				return ctx
			}
			return nil
		}))
	require.NoError(t, err)
	e.Observe(resources.Event{Kind: resources.EventDial, Info: tcp, Run: 1})
	e.Observe(resources.Event{Kind: resources.EventDial, Info: tcp, Run: 2})
	all := exporter.GetSpans()
	require.Len(t, all, 2)
	require.Equal(t, parent.SpanContext().SpanID(), all[0].Parent.SpanID())
	require.False(t, all[1].Parent.IsValid())

	exemplars := read()["phpsock.dial.duration"].Data.(metricdata.Histogram[float64]).DataPoints[0].Exemplars
	require.NotEmpty(t, exemplars)
	first, second := all[0].SpanContext.SpanID(), all[1].SpanContext.SpanID()
	require.Contains(t, [][]byte{first[:], second[:]}, exemplars[0].SpanID)
}
