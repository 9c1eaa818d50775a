// Command restart serves requests with a PHP script that can be replaced, and so can the
// program itself, without losing a connection: SIGHUP runs the script anew, SIGUSR2 starts
// the program anew and hands the listener over, SIGTERM lets it come to its end.
package main

import (
	"context"
	"log"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/phpsock/phpsock/bridge"
)

// grace is how long the connections of a script that is replaced may go on.
const grace = 30 * time.Second

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: restart ADDRESS SCRIPT")
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGUSR2, syscall.SIGTERM)
	if err := run(context.Background(), os.Args[1], os.Args[2], signals); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, address, script string, signals <-chan os.Signal) error {
	// The next process must not inherit connections that this one serves.
	engine, err := bridge.Start(ctx, bridge.Config{CloseOnExec: true})
	if err != nil {
		return err
	}
	defer engine.Close(ctx)
	// The process before this one, or systemd, may have handed the listener over.
	if inherited, err := engine.Listeners().Inherit(); err != nil || inherited == 0 {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			return err
		}
		if _, err := engine.Provide("tcp://"+address, listener); err != nil {
			return err
		}
	}
	for last := false; !last; {
		ended := make(chan error, 1)
		go func() {
			_, err := engine.Run(ctx, bridge.Request{File: script, Args: []string{"tcp://" + address}})
			ended <- err
		}()
		switch <-signals {
		case syscall.SIGUSR2:
			last = startAgain(engine) == nil
		case syscall.SIGTERM:
			last = true
		}
		if err := drain(ctx, engine); err != nil {
			log.Print(err)
		}
		if err := <-ended; err != nil {
			log.Print(err)
		}
	}
	return nil
}

func drain(ctx context.Context, engine *bridge.Engine) error {
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	return engine.Drain(ctx)
}

// startAgain starts this program with the listeners of this process. Whoever connects
// meanwhile waits in their queues.
func startAgain(engine *bridge.Engine) error {
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := engine.Listeners().HandOver(cmd); err != nil {
		return err
	}
	return cmd.Start()
}
