package livepage_test

import (
	"context"
	"log"
	"net/http"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/bridge/livepage"
	"github.com/phpsock/phpsock/resources"
)

// engine stands for what [bridge.Start] returns.
type engine struct{}

func (engine) Stats() bridge.Stats {
	return bridge.Stats{Version: "8.2.36", Sockets: []resources.Info{{Handle: 1, Transport: resources.TCP}}}
}

func ExampleHandler() {
	var engine engine
	mux := http.NewServeMux()
	mux.Handle("/debug/phpsock", livepage.Handler(engine))

	server := &http.Server{Addr: "localhost:6060", Handler: mux}
	go func() { log.Print(server.ListenAndServe()) }()
	// … and when the program ends:
	_ = server.Shutdown(context.Background())
}
