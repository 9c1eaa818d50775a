// Command memory asks an HTTP server that is a PHP script, without a port and without a
// socket file: a way to test PHP servers.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

const script = `
$server = stream_socket_server('mem://app');
while ($client = stream_socket_accept($server)) {
	$request = fgets($client);
	while (trim(fgets($client)) !== '');
	$body = 'You asked: ' . trim($request);
	fwrite($client, "HTTP/1.0 200 OK\r\nContent-Length: " . strlen($body) . "\r\n\r\n$body");
	fclose($client);
}
`

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer) error {
	memory := resources.NewMemory()
	engine, err := bridge.Start(ctx, bridge.Config{Memory: memory})
	if err != nil {
		return err
	}
	defer engine.Close(context.WithoutCancel(ctx))

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 1)
	go func() {
		_, err := engine.Run(ctx, bridge.Request{Code: script})
		served <- err
	}()
	for len(engine.Sockets().List()) == 0 { // until the script listens
		select {
		case err := <-served:
			return err
		default:
		}
	}
	client := http.Client{Transport: &http.Transport{DialContext: memory.DialContext}}
	answer, err := client.Get("http://app/some/page")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	fmt.Fprintln(out, string(body))
	if drained := engine.Drain(ctx); err == nil {
		err = drained
	}
	return err
}
