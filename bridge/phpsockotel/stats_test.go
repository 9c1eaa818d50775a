package phpsockotel

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

func point(value int64, attrs ...attribute.KeyValue) metricdata.DataPoint[int64] {
	return metricdata.DataPoint[int64]{Attributes: attribute.NewSet(attrs...), Value: value}
}

func sum(monotonic bool, points ...metricdata.DataPoint[int64]) metricdata.Sum[int64] {
	return metricdata.Sum[int64]{Temporality: metricdata.CumulativeTemporality, IsMonotonic: monotonic, DataPoints: points}
}

func TestRegister(t *testing.T) {
	s := &source{
		Version: "8.2.36", Started: time.Now().Add(-time.Hour), Runs: 7, Run: &bridge.RunInfo{ID: 7}, Draining: true,
		Opened: 12, Accepted: 9, BytesIn: 100, BytesOut: 1 << 40,
		Sockets: []resources.Info{
			{Handle: 1, Transport: resources.TCP, Kind: resources.KindListener},
			{Handle: 2, Transport: resources.TCP, Kind: resources.KindConn},
			{Handle: 3, Transport: resources.TCP, Kind: resources.KindConn},
			{Handle: 4, Transport: resources.Udg, Kind: resources.KindBound},
			{Handle: 5, Transport: resources.Pair, Kind: resources.KindPair},
		},
	}
	provider, read := reader(t)
	registration, err := Register(s, WithMeterProvider(provider))
	require.NoError(t, err)
	all := read()

	own, net, kind := attribute.Key("phpsock.transport"), attribute.Key("network.transport"), attribute.Key("phpsock.socket.kind")
	direction := attribute.Key("network.io.direction")
	for name, want := range map[string]struct {
		unit string
		data metricdata.Aggregation
	}{
		"phpsock.socket.open": {"{socket}", sum(false,
			point(1, own.String("tcp"), net.String("tcp"), kind.String("listener")),
			point(2, own.String("tcp"), net.String("tcp"), kind.String("connection")),
			point(1, own.String("udg"), net.String("unix"), kind.String("bound")),
			point(1, own.String("pair"), kind.String("pair")))},
		"phpsock.socket.opened":       {"{socket}", sum(true, point(12))},
		"phpsock.connection.accepted": {"{connection}", sum(true, point(9))},
		"phpsock.network.io": {"By", sum(true,
			point(100, direction.String("receive")), point(1<<40, direction.String("transmit")))},
		"phpsock.run.started": {"{run}", sum(true, point(7))},
		"phpsock.run.active":  {"{run}", sum(false, point(1))},
		"phpsock.engine.draining": {"1", metricdata.Gauge[int64]{
			DataPoints: []metricdata.DataPoint[int64]{point(1)}}},
	} {
		require.Equal(t, want.unit, all[name].Unit, name)
		require.NotEmpty(t, all[name].Description)
		metricdatatest.AssertAggregationsEqual(t, want.data, all[name].Data, metricdatatest.IgnoreTimestamp())
	}
	uptime := all["phpsock.engine.uptime"].Data.(metricdata.Gauge[float64]).DataPoints
	require.Len(t, uptime, 1)
	require.GreaterOrEqual(t, uptime[0].Value, 3600.)
	require.Len(t, all, 8)

	*s = source{} // closed
	all = read()
	require.NotContains(t, all, "phpsock.engine.uptime")
	metricdatatest.AssertAggregationsEqual(t, sum(false, point(0)), all["phpsock.run.active"].Data,
		metricdatatest.IgnoreTimestamp())

	require.NoError(t, registration.Unregister())
	require.Empty(t, read())
}

var errBroken = errors.New("broken")

// broken makes no instruments.
type (
	broken      struct{ noop.MeterProvider }
	brokenMeter struct{ noop.Meter }
)

func (broken) Meter(string, ...metric.MeterOption) metric.Meter { return brokenMeter{} }

func (brokenMeter) Int64ObservableGauge(string, ...metric.Int64ObservableGaugeOption) (metric.Int64ObservableGauge, error) {
	return nil, errBroken
}

func (brokenMeter) Int64Counter(string, ...metric.Int64CounterOption) (metric.Int64Counter, error) {
	return nil, errBroken
}

func TestErrors(t *testing.T) {
	_, err := Register(&source{}, WithMeterProvider(broken{}))
	require.ErrorIs(t, err, errBroken)
	require.ErrorContains(t, err, "phpsockotel: register: ")
	_, err = NewEvents(WithMeterProvider(broken{}))
	require.ErrorIs(t, err, errBroken)
	require.ErrorContains(t, err, "phpsockotel: events: ")
}

// Without options and without an SDK it does nothing, and does not fail.
func TestGlobalProviders(t *testing.T) {
	_, err := Register(&source{})
	require.NoError(t, err)
	events, err := NewEvents()
	require.NoError(t, err)
	events.Observe(resources.Event{Kind: resources.EventDial, Info: tcp})
}
