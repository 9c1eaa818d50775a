package phpsockotel

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

// Register makes the instruments for an engine's [bridge.Stats]. The source is an
// [*bridge.Engine] as a rule. It is asked whenever the metrics are collected, until the
// registration is ended with its Unregister method.
func Register(source bridge.StatsSource, options ...Option) (metric.Registration, error) {
	c := newConfig(options)
	m := &instruments{meter: c.meters.Meter(scope, metric.WithSchemaURL(semconv.SchemaURL))}
	open := m.upDownCounter("phpsock.socket.open", "{socket}", "Sockets that are open.")
	opened := m.counter("phpsock.socket.opened", "{socket}", "Sockets that were opened or accepted.")
	accepted := m.counter("phpsock.connection.accepted", "{connection}", "Connections that were accepted.")
	traffic := m.counter("phpsock.network.io", "By", "Bytes that all sockets have received and sent.")
	runs := m.counter("phpsock.run.started", "{run}", "Runs of scripts that have begun.")
	active := m.upDownCounter("phpsock.run.active", "{run}", "Runs of scripts that are under way.")
	draining := m.gauge("phpsock.engine.draining", "1", "1 while the engine accepts no new connections and asks scripts to end.")
	uptime, err := m.meter.Float64ObservableGauge("phpsock.engine.uptime",
		metric.WithUnit("s"), metric.WithDescription("How long the engine has been up."))
	if err := errors.Join(m.err, err); err != nil {
		return nil, fmt.Errorf("phpsockotel: register: %w", err)
	}
	receive := metric.WithAttributes(semconv.NetworkIODirectionReceive)
	transmit := metric.WithAttributes(semconv.NetworkIODirectionTransmit)

	registration, err := m.meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		stats := source.Stats()
		for key, n := range countSockets(stats.Sockets) {
			attrs := append(transportOf(key.transport), kindKey.String(key.kind.String()))
			o.ObserveInt64(open, n, metric.WithAttributes(attrs...))
		}
		o.ObserveInt64(opened, int64(stats.Opened))
		o.ObserveInt64(accepted, int64(stats.Accepted))
		o.ObserveInt64(traffic, int64(stats.BytesIn), receive)
		o.ObserveInt64(traffic, int64(stats.BytesOut), transmit)
		o.ObserveInt64(runs, int64(stats.Runs))
		o.ObserveInt64(active, number(stats.Run != nil))
		o.ObserveInt64(draining, number(stats.Draining))
		if !stats.Started.IsZero() {
			o.ObserveFloat64(uptime, time.Since(stats.Started).Seconds())
		}
		return nil
	}, open, opened, accepted, traffic, runs, active, draining, uptime)
	if err != nil {
		return nil, fmt.Errorf("phpsockotel: register: %w", err)
	}
	return registration, nil
}

// instruments makes instruments and remembers what went wrong.
type instruments struct {
	meter metric.Meter
	err   error
}

func (m *instruments) counter(name, unit, description string) metric.Int64ObservableCounter {
	i, err := m.meter.Int64ObservableCounter(name, metric.WithUnit(unit), metric.WithDescription(description))
	m.err = errors.Join(m.err, err)
	return i
}

func (m *instruments) upDownCounter(name, unit, description string) metric.Int64ObservableUpDownCounter {
	i, err := m.meter.Int64ObservableUpDownCounter(name, metric.WithUnit(unit), metric.WithDescription(description))
	m.err = errors.Join(m.err, err)
	return i
}

func (m *instruments) gauge(name, unit, description string) metric.Int64ObservableGauge {
	i, err := m.meter.Int64ObservableGauge(name, metric.WithUnit(unit), metric.WithDescription(description))
	m.err = errors.Join(m.err, err)
	return i
}

type sort struct {
	transport resources.Transport
	kind      resources.Kind
}

func countSockets(sockets []resources.Info) map[sort]int64 {
	counts := make(map[sort]int64)
	for i := range sockets {
		counts[sort{sockets[i].Transport, sockets[i].Kind}]++
	}
	return counts
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
