package resources_test

import (
	"log/slog"
	"os"
	"syscall"

	"github.com/phpsock/phpsock/resources"
)

func ExampleLogObserver() {
	// Without the time, so that the output is the same every day.
	handler := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})
	refusals := 0
	// This is what bridge.Config takes as its Observer.
	observer := resources.Observers(
		resources.LogObserver(slog.New(handler)),
		func(e resources.Event) {
			if e.Kind == resources.EventRefuse {
				refusals++
			}
		},
	)

	observer(resources.Event{
		Kind: resources.EventListen, Target: "0.0.0.0:8080", Run: 1, Script: "/srv/server.php",
		Info: resources.Info{Handle: 1, Transport: resources.TCP, Kind: resources.KindListener, Local: "0.0.0.0:8080"},
	})
	observer(resources.Event{
		Kind: resources.EventDial, Target: "127.0.0.1:1", Info: resources.Info{Transport: resources.TCP},
		Err: syscall.ECONNREFUSED,
	})
	// Output:
	// level=INFO msg="socket listen" kind=listen handle=1 transport=tcp socket=listener local=0.0.0.0:8080 target=0.0.0.0:8080 run=1 script=/srv/server.php
	// level=INFO msg="socket dial failed" kind=dial transport=tcp target=127.0.0.1:1 duration=0s errno=111 error="connection refused"
}
