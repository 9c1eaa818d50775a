package phpsockotel

import (
	"context"
	"testing"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

type source bridge.Stats

func (s *source) Stats() bridge.Stats { return bridge.Stats(*s) }

var tcp = resources.Info{Transport: resources.TCP, Kind: resources.KindConn}

// reader gives a provider of meters and a function that reads all metrics by name.
func reader(t *testing.T) (*sdkmetric.MeterProvider, func() map[string]metricdata.Metrics) {
	t.Helper()
	manual := sdkmetric.NewManualReader()
	provider := sdkmetric.NewMeterProvider(sdkmetric.WithReader(manual))
	t.Cleanup(func() { require.NoError(t, provider.Shutdown(context.Background())) })
	return provider, func() map[string]metricdata.Metrics {
		t.Helper()
		var all metricdata.ResourceMetrics
		require.NoError(t, manual.Collect(t.Context(), &all))
		byName := map[string]metricdata.Metrics{}
		for _, s := range all.ScopeMetrics {
			require.Equal(t, scope, s.Scope.Name)
			for _, m := range s.Metrics {
				byName[m.Name] = m
			}
		}
		return byName
	}
}
