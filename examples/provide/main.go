// Command provide hands listeners and connections of the Go program to PHP scripts: a
// script that asks for tcp://0.0.0.0:8080 gets a listener that speaks TLS, and another one
// serves a connection that Go has accepted.
package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"os"

	"github.com/phpsock/phpsock/bridge"
)

const server = `
$server = stream_socket_server('tcp://0.0.0.0:8080');
$client = stream_socket_accept($server);
fwrite($client, 'hello ' . fgets($client));
`

const worker = `fwrite($client, 'PHP ' . PHP_MAJOR_VERSION . ' serves ' . fgets($client));`

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer) error {
	engine, err := bridge.Start(ctx, bridge.Config{})
	if err != nil {
		return err
	}
	defer engine.Close(context.WithoutCancel(ctx))

	// Any net.Listener will do: systemd's, a VPN's, or this one of crypto/tls.
	certificate := httptest.NewTLSServer(nil)
	defer certificate.Close()
	secure, err := tls.Listen("tcp", "127.0.0.1:0", certificate.TLS)
	if err != nil {
		return err
	}
	if _, err := engine.Provide("tcp://0.0.0.0:8080", secure); err != nil {
		return err
	}
	answer := make(chan string, 1)
	go func() {
		conn, err := tls.Dial("tcp", secure.Addr().String(), &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // an example
		answer <- ask(conn, err, "over TLS\n")
	}()
	if _, err := engine.Run(ctx, bridge.Request{Code: server}); err != nil {
		return err
	}
	fmt.Fprint(out, <-answer)

	// Go accepts, PHP serves.
	goEnd, phpEnd := net.Pipe()
	go func() { answer <- ask(goEnd, nil, "a connection of Go's\n") }()
	if _, err := engine.Run(ctx, bridge.Request{Code: worker, Vars: map[string]any{"client": phpEnd}}); err != nil {
		return err
	}
	fmt.Fprint(out, <-answer)
	return nil
}

// ask sends a line and returns all that comes back.
func ask(conn io.ReadWriteCloser, err error, line string) string {
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, line); err != nil {
		return err.Error()
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		return err.Error()
	}
	return string(answer)
}
