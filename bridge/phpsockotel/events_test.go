package phpsockotel

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/phpsock/phpsock/resources"
)

var (
	refused = &resources.Error{Op: "connect", Errno: syscall.ECONNREFUSED, Text: "Connection refused"}
	onTCP   = []attribute.KeyValue{attribute.String("phpsock.transport", "tcp"), attribute.String("network.transport", "tcp")}
)

func failed(name string) attribute.KeyValue { return attribute.String("error.type", name) }

func with(more ...attribute.KeyValue) []attribute.KeyValue {
	return append(append([]attribute.KeyValue(nil), onTCP...), more...)
}

func TestEventsCount(t *testing.T) {
	provider, read := reader(t)
	e, err := NewEvents(WithMeterProvider(provider))
	require.NoError(t, err)
	for _, event := range []resources.Event{
		{Kind: resources.EventListen, Info: resources.Info{Transport: resources.Unix, Kind: resources.KindListener}},
		{Kind: resources.EventListen, Info: tcp, Err: &resources.Error{Op: "bind", Errno: syscall.EADDRINUSE}},
		{Kind: resources.EventAccept, Info: tcp},
		{Kind: resources.EventAccept, Info: tcp},
		{Kind: resources.EventDial, Info: tcp, Err: fmt.Errorf("wrapped: %w", refused)},
		{Kind: resources.EventDial, Info: tcp, Err: &resources.Error{Op: "resolve"}},
		{Kind: resources.EventHandshake, Info: tcp, Err: errors.New("certificate verify failed")},
		{Kind: resources.EventClose, Info: resources.Info{Transport: resources.TCP, Kind: resources.KindListener}},
		{Kind: resources.EventRefuse, Info: tcp, Err: &resources.Error{Op: "bind", Errno: syscall.EACCES}},
		{Kind: resources.EventRefuse, Info: tcp, Err: &resources.Error{Op: "sendto", Errno: syscall.EACCES}},
		{Kind: resources.EventRefuse, Info: tcp, Err: refused},
		{Kind: resources.EventRefuse, Info: tcp, Err: errors.New("no")},
		{Kind: resources.EventLimit, Info: tcp, Err: syscall.EMFILE},
		{Kind: resources.EventLimit, Info: tcp},
		{Kind: 99},
	} {
		e.Observe(event)
	}
	all := read()
	operation, event := attribute.Key("phpsock.operation"), attribute.Key("phpsock.event")
	for name, want := range map[string]metricdata.Sum[int64]{
		"phpsock.listens": sum(true,
			point(1, attribute.String("phpsock.transport", "unix"), attribute.String("network.transport", "unix")),
			point(1, with(failed("EADDRINUSE"))...)),
		"phpsock.accepts": sum(true, point(2, onTCP...)),
		"phpsock.errors": sum(true,
			point(1, with(failed("EADDRINUSE"), event.String("listen"))...),
			point(1, with(failed("ECONNREFUSED"), event.String("dial"))...),
			point(1, with(failed("resolve"), event.String("dial"))...),
			point(1, with(failed("*errors.errorString"), event.String("handshake"))...)),
		"phpsock.refusals": sum(true,
			point(1, with(operation.String("listen"))...), point(1, with(operation.String("send"))...),
			point(1, with(operation.String("dial"))...), point(1, with(operation.String("other"))...)),
		"phpsock.limit.hits": sum(true, point(1, with(failed("EMFILE"))...), point(1, onTCP...)),
	} {
		metricdatatest.AssertAggregationsEqual(t, want, all[name].Data, metricdatatest.IgnoreTimestamp())
	}
	require.NotContains(t, all, "phpsock.connection.duration", "a listener is none")
}

func TestEventsDurations(t *testing.T) {
	provider, read := reader(t)
	e, err := NewEvents(WithMeterProvider(provider))
	require.NoError(t, err)
	e.Observe(resources.Event{Kind: resources.EventDial, Info: tcp, Duration: 2 * time.Millisecond})
	e.Observe(resources.Event{Kind: resources.EventDial, Info: tcp, Duration: 3 * time.Second, Err: refused})
	e.Observe(resources.Event{Kind: resources.EventHandshake, Info: tcp, Duration: 7 * time.Millisecond})
	e.Observe(resources.Event{Kind: resources.EventClose, Info: tcp, Duration: 2 * time.Minute})
	all := read()
	for name, want := range map[string][]struct {
		sum   float64
		attrs []attribute.KeyValue
	}{
		"phpsock.dial.duration":       {{0.002, onTCP}, {3, with(failed("ECONNREFUSED"))}},
		"phpsock.handshake.duration":  {{0.007, onTCP}},
		"phpsock.connection.duration": {{120, onTCP}},
	} {
		require.Equal(t, "s", all[name].Unit)
		points := all[name].Data.(metricdata.Histogram[float64]).DataPoints
		require.Len(t, points, len(want), name)
		for _, w := range want {
			i := 0
			for points[i].Attributes.Equivalent() != attributes(w.attrs).Equivalent() {
				i++
				require.Less(t, i, len(points), "%s %v", name, w.attrs)
			}
			require.EqualValues(t, 1, points[i].Count)
			require.InDelta(t, w.sum, points[i].Sum, 1e-9)
			require.Less(t, points[i].Bounds[0], 0.01, "seconds, not milliseconds")
		}
	}
}

func attributes(attrs []attribute.KeyValue) *attribute.Set {
	set := attribute.NewSet(attrs...)
	return &set
}

func TestEventsConcurrently(t *testing.T) {
	provider, read := reader(t)
	e, err := NewEvents(WithMeterProvider(provider))
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				e.Observe(resources.Event{Kind: resources.EventAccept, Info: tcp})
			}
		})
	}
	wg.Wait()
	metricdatatest.AssertAggregationsEqual(t, sum(true, point(800, onTCP...)), read()["phpsock.accepts"].Data,
		metricdatatest.IgnoreTimestamp())
}

func BenchmarkEvents(b *testing.B) {
	e, err := NewEvents(WithMeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewManualReader()))),
		WithContext(func(resources.Event) context.Context { return nil }))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		e.Observe(resources.Event{Kind: resources.EventAccept, Info: tcp})
	}
}
