package phpsockotel

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/phpsock/phpsock/resources"
)

// Events makes measurements and spans of events. Its method Observe is a
// [resources.Observer]: bridge.Config takes it as it is, or together with others by way
// of [resources.Observers].
type Events struct {
	config config
	tracer trace.Tracer

	listens, accepts         metric.Int64Counter
	refusals, limits, errors metric.Int64Counter

	dial, handshake, connection metric.Float64Histogram

	// What works is frequent, so its attributes are there already.
	worked map[resources.Transport]measured
}

// measured is the attributes of an event, as counters and histograms take them.
type measured struct {
	add    []metric.AddOption
	record []metric.RecordOption
}

func newMeasured(attrs ...attribute.KeyValue) measured {
	set := metric.WithAttributeSet(attribute.NewSet(attrs...))
	return measured{[]metric.AddOption{set}, []metric.RecordOption{set}}
}

func (e *Events) measured(event *resources.Event) measured {
	if event.Err != nil {
		return newMeasured(append(transportOf(event.Transport), errorType(event.Err))...)
	}
	if m, ok := e.worked[event.Transport]; ok {
		return m
	}
	return newMeasured(transportOf(event.Transport)...)
}

var (
	// From a connect on loopback to one that has been given up.
	dialBuckets = []float64{.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5, 10, 60}
	// From one request to a worker that stays for days.
	ageBuckets = []float64{.001, .01, .1, 1, 10, 60, 600, 3600, 6 * 3600, 24 * 3600}
)

// NewEvents makes the instruments and the tracer for events.
func NewEvents(options ...Option) (*Events, error) {
	c := newConfig(options)
	e := &Events{config: c, tracer: c.tracers.Tracer(scope, trace.WithSchemaURL(semconv.SchemaURL))}
	e.worked = make(map[resources.Transport]measured)
	for _, t := range []resources.Transport{
		resources.TCP, resources.UDP, resources.Unix, resources.Udg, resources.Pair, resources.Descriptor, resources.Mem,
	} {
		e.worked[t] = newMeasured(transportOf(t)...)
	}
	meter := c.meters.Meter(scope, metric.WithSchemaURL(semconv.SchemaURL))
	var failed error
	counter := func(name, unit, description string) metric.Int64Counter {
		i, err := meter.Int64Counter(name, metric.WithUnit(unit), metric.WithDescription(description))
		failed = errors.Join(failed, err)
		return i
	}
	histogram := func(name, description string, buckets []float64) metric.Float64Histogram {
		i, err := meter.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(description),
			metric.WithExplicitBucketBoundaries(buckets...))
		failed = errors.Join(failed, err)
		return i
	}
	e.listens = counter("phpsock.listens", "{socket}", "Servers that were bound, or failed to.")
	e.accepts = counter("phpsock.accepts", "{connection}", "Connections that were accepted, or failed to be.")
	e.refusals = counter("phpsock.refusals", "{operation}", "Operations that the policy refused.")
	e.limits = counter("phpsock.limit.hits", "{event}", "How often a limit was reached.")
	e.errors = counter("phpsock.errors", "{error}", "What failed, refusals and limits apart.")
	e.dial = histogram("phpsock.dial.duration", "How long dialling took.", dialBuckets)
	e.handshake = histogram("phpsock.handshake.duration", "How long TLS handshakes took.", dialBuckets)
	e.connection = histogram("phpsock.connection.duration", "How old connections were at their end.", ageBuckets)
	if failed != nil {
		return nil, fmt.Errorf("phpsockotel: events: %w", failed)
	}
	return e, nil
}

// Observe measures an event, and makes a span of a dial or a handshake.
func (e *Events) Observe(event resources.Event) {
	ctx := e.config.contextOf(event)
	m := e.measured(&event)
	switch event.Kind {
	case resources.EventListen:
		e.listens.Add(ctx, 1, m.add...)
	case resources.EventAccept:
		e.accepts.Add(ctx, 1, m.add...)
	case resources.EventDial:
		ctx = e.span(ctx, &event, trace.SpanKindClient)
		e.dial.Record(ctx, event.Duration.Seconds(), m.record...)
	case resources.EventHandshake:
		kind := trace.SpanKindClient
		if event.Accepted {
			kind = trace.SpanKindServer
		}
		ctx = e.span(ctx, &event, kind)
		e.handshake.Record(ctx, event.Duration.Seconds(), m.record...)
	case resources.EventClose:
		if event.Info.Kind == resources.KindConn {
			e.connection.Record(ctx, event.Duration.Seconds(), m.record...)
		}
	case resources.EventRefuse:
		e.refusals.Add(ctx, 1, metric.WithAttributes(append(transportOf(event.Transport), operation(event.Err))...))
		return
	case resources.EventLimit:
		e.limits.Add(ctx, 1, m.add...)
		return
	}
	if event.Err != nil {
		e.errors.Add(ctx, 1, metric.WithAttributes(append(
			transportOf(event.Transport), errorType(event.Err), eventKey.String(event.Kind.String()))...))
	}
}

// span makes a span of what is over already, and returns the context with it.
func (e *Events) span(ctx context.Context, event *resources.Event, kind trace.SpanKind) context.Context {
	end := event.Time
	if end.IsZero() {
		end = time.Now()
	}
	ctx, span := e.tracer.Start(ctx, "phpsock."+event.Kind.String(), trace.WithSpanKind(kind),
		trace.WithTimestamp(end.Add(-event.Duration)), trace.WithAttributes(ofSpan(event)...))
	if event.Err != nil {
		span.SetStatus(codes.Error, text(event.Err.Error()))
	}
	span.End(trace.WithTimestamp(end))
	return ctx
}
