package phpsockotel_test

import (
	"context"
	"fmt"
	"time"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/bridge/phpsockotel"
	"github.com/phpsock/phpsock/resources"
)

// engine stands for what [bridge.Start] returns.
type engine struct{}

func (engine) Stats() bridge.Stats { return bridge.Stats{Version: "8.2.36", Opened: 3} }

func Example() {
	ctx := context.Background()
	reader := sdkmetric.NewManualReader() // a program has a PeriodicReader with an exporter
	provider := sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))
	defer func() { _ = provider.Shutdown(ctx) }()

	events, err := phpsockotel.NewEvents(phpsockotel.WithMeterProvider(provider))
	if err != nil {
		fmt.Println(err)
		return
	}
	// The engine tells the events, and gets more observers by resources.Observers:
	//
	//	engine, err := bridge.Start(ctx, bridge.Config{Observer: events.Observe})
	var engine engine
	registration, err := phpsockotel.Register(engine, phpsockotel.WithMeterProvider(provider))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = registration.Unregister() }()

	events.Observe(resources.Event{
		Kind: resources.EventDial, Info: resources.Info{Transport: resources.TCP}, Duration: 20 * time.Millisecond,
	})
	var all metricdata.ResourceMetrics
	if err := reader.Collect(ctx, &all); err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range all.ScopeMetrics[0].Metrics {
		switch data := m.Data.(type) {
		case metricdata.Histogram[float64]:
			fmt.Println(m.Name, data.DataPoints[0].Sum, m.Unit)
		case metricdata.Sum[int64]:
			if m.Name == "phpsock.socket.opened" {
				fmt.Println(m.Name, data.DataPoints[0].Value)
			}
		}
	}
	// Output:
	// phpsock.dial.duration 0.02 s
	// phpsock.socket.opened 3
}
