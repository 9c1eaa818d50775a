// Command timeserver runs the TCP time server of PHP's manual
// (https://www.php.net/manual/en/function.stream-socket-server.php) inside a Go
// program, asks it for the time and stops it.
package main

import (
	"context"
	_ "embed"
	"errors"
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
//go:embed timeserver.php
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
		stop() // the script would accept for ever
	}()

	// Code is PHP without the opening tag, so the script's own needs a closed one before it.
	_, err = engine.Run(ctx, bridge.Request{Code: "?>" + script, Name: "timeserver.php", Output: out})
	if !errors.Is(err, context.Canceled) {
		return errors.Join(errors.New("timeserver: the script ended by itself"), err)
	}
	return <-client
}

// ask connects to the script's listener, like any client would, and copies what
// the server says.
func ask(ctx context.Context, sockets *resources.Table, out io.Writer) error {
	address, err := listener(ctx, sockets)
	if err != nil {
		return err
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = io.Copy(out, conn)
	return err
}

// listener waits until the script listens, and says where.
func listener(ctx context.Context, sockets *resources.Table) (string, error) {
	for {
		for _, socket := range sockets.List() {
			if socket.Kind == resources.KindListener {
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
