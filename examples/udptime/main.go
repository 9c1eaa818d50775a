// Command udptime runs the UDP time server of PHP's manual
// (https://www.php.net/manual/en/function.stream-socket-server.php) inside a Go
// program, asks it for the time and stops it.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"time"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

// The manual's example; only its address is another.
//
//go:embed udptime.php
var script string

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// run starts PHP, runs the server and writes its answer to one client to out.
func run(ctx context.Context, out io.Writer) error {
	engine, err := bridge.Start(ctx, bridge.Config{})
	if err != nil {
		return err
	}
	defer engine.Close(context.WithoutCancel(ctx))

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	client := make(chan error, 1)
	go func() {
		client <- ask(ctx, engine.Sockets(), out)
		stop() // the script would answer for ever
	}()

	// The server prints the address of each client; nobody wants to read it here.
	// Code is PHP without the opening tag, so the script's own needs a closed one before it.
	_, err = engine.Run(ctx, bridge.Request{Code: "?>" + script, Name: "udptime.php", Output: io.Discard})
	if !errors.Is(err, context.Canceled) {
		return errors.Join(errors.New("udptime: the script ended by itself"), err)
	}
	return <-client
}

// ask sends the script's socket a byte and writes the answer.
func ask(ctx context.Context, sockets *resources.Table, out io.Writer) error {
	address, err := bound(ctx, sockets)
	if err != nil {
		return err
	}
	conn, err := new(net.Dialer).DialContext(ctx, "udp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("?")); err != nil {
		return err
	}
	answer := make([]byte, 64)
	n, err := conn.Read(answer)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "It is %s", answer[:n])
	return err
}

// bound waits until the script has its socket, and says where.
func bound(ctx context.Context, sockets *resources.Table) (string, error) {
	for {
		for _, socket := range sockets.List() {
			if socket.Kind == resources.KindBound {
				return socket.Local, nil
			}
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
}
