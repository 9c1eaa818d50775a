// Command livepage shows what PHP scripts do with the network: a page that lists and graphs
// their sockets as they are, and a log record for everything that happens to one.
package main

import (
	"context"
	"flag"
	"log"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/bridge/livepage"
	"github.com/phpsock/phpsock/resources"
)

// The script talks to itself.
const script = `
$server = stream_socket_server('tcp://127.0.0.1:0');
$address = 'tcp://' . stream_socket_get_name($server, false);
$pairs = [];
while (true) {
	$pairs[] = [stream_socket_client($address), stream_socket_accept($server)];
	foreach ($pairs as [$client, $peer]) {
		fwrite($client, str_repeat('.', random_int(100, 10000)));
		fread($peer, 10000);
	}
	if (count($pairs) > 20) array_shift($pairs);
	usleep(50000);
}
`

func main() {
	address := flag.String("listen", "127.0.0.1:6060", "address of the page")
	flag.Parse()
	ctx := context.Background()
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	engine, err := bridge.Start(ctx, bridge.Config{Observer: resources.LogObserver(logger)})
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		_, err := engine.Run(ctx, bridge.Request{Code: script})
		log.Print(err)
	}()
	server := http.Server{Addr: *address, Handler: handler(engine), ReadHeaderTimeout: 10 * time.Second}
	log.Printf("look at http://%s/debug/phpsock/", *address)
	log.Fatal(server.ListenAndServe())
}

// handler mounts the page where net/http/pprof has its own.
func handler(engine *bridge.Engine) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/debug/phpsock/", http.StripPrefix("/debug/phpsock", livepage.Handler(engine)))
	return mux
}
