package phpsockotel

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/phpsock/phpsock/resources"
)

// scope is the instrumentation scope of everything here.
const scope = "github.com/phpsock/phpsock/bridge/phpsockotel"

// Option changes what [Register] and [NewEvents] do.
type Option func(*config)

type config struct {
	meters  metric.MeterProvider
	tracers trace.TracerProvider
	context func(resources.Event) context.Context
}

// WithMeterProvider makes the instruments with that provider instead of the global one.
func WithMeterProvider(p metric.MeterProvider) Option {
	return func(c *config) { c.meters = p }
}

// WithTracerProvider makes the spans with that provider instead of the global one.
func WithTracerProvider(p trace.TracerProvider) Option {
	return func(c *config) { c.tracers = p }
}

// WithContext asks the host for the context of an event. A span in it becomes the parent
// of spans and the exemplar of measurements; baggage is there for processors. An event
// tells the run that an event belongs to, so a host that keeps the contexts of its runs by
// their numbers has what is needed. Without this option, or with nil as the answer, it is
// [context.Background]. The function is called as observers are.
func WithContext(context func(resources.Event) context.Context) Option {
	return func(c *config) { c.context = context }
}

func newConfig(options []Option) config {
	var c config
	for _, option := range options {
		option(&c)
	}
	if c.meters == nil {
		c.meters = otel.GetMeterProvider()
	}
	if c.tracers == nil {
		c.tracers = otel.GetTracerProvider()
	}
	return c
}

func (c *config) contextOf(e resources.Event) context.Context {
	if c.context != nil {
		if ctx := c.context(e); ctx != nil {
			return ctx
		}
	}
	return context.Background()
}
