package phpsockprom_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/bridge/phpsockprom"
	"github.com/phpsock/phpsock/resources"
)

// engine stands for what [bridge.Start] returns.
type engine struct{}

func (engine) Stats() bridge.Stats {
	return bridge.Stats{Version: "8.2.36", Opened: 1, Sockets: []resources.Info{
		{Handle: 1, Transport: resources.TCP, Kind: resources.KindListener},
	}}
}

func Example() {
	events := phpsockprom.NewEvents()
	// The engine tells the events, and gets more observers by resources.Observers:
	//
	//	engine, err := bridge.Start(ctx, bridge.Config{Observer: events.Observe})
	var engine engine

	registry := prometheus.NewRegistry()
	registry.MustRegister(events, phpsockprom.NewCollector(engine))
	handler := promhttp.HandlerFor(registry, promhttp.HandlerOpts{})

	events.Observe(resources.Event{
		Kind: resources.EventDial, Info: resources.Info{Transport: resources.TCP},
		Err: &resources.Error{Op: "connect", Errno: syscall.ECONNREFUSED},
	})
	scrape := httptest.NewRecorder()
	handler.ServeHTTP(scrape, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for line := range strings.Lines(scrape.Body.String()) {
		if strings.HasPrefix(line, "phpsock_sockets") || strings.HasPrefix(line, "phpsock_errors") {
			fmt.Print(line)
		}
	}
	// Output:
	// phpsock_errors_total{errno="ECONNREFUSED",event="dial"} 1
	// phpsock_sockets_open{kind="listener",transport="tcp"} 1
	// phpsock_sockets_opened_total 1
}
