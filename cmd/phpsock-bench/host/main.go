// Command host runs a PHP script as cmd/phpsock does, in a program whose
// goroutines are busy with something else:
//
//	PHPSOCK_BENCH_BUSY=N host FILE [ARGUMENT...]
//	PHPSOCK_BENCH_BUSY=N host -r CODE [ARGUMENT...]
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/cmd/phpsock-bench/busy"
)

func main() {
	status, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "host:", err)
	}
	os.Exit(status)
}

func run(args []string) (status int, err error) {
	n, err := strconv.Atoi(os.Getenv("PHPSOCK_BENCH_BUSY"))
	if err != nil {
		return 2, fmt.Errorf("PHPSOCK_BENCH_BUSY: %w", err)
	}
	request, ok := newRequest(args)
	if !ok {
		return 2, errors.New("usage: host FILE [ARGUMENT...] | host -r CODE [ARGUMENT...]")
	}
	busy.Start(n)
	ctx := context.Background()
	engine, err := bridge.Start(ctx, bridge.Config{OwnProcess: true})
	if err != nil {
		return 1, err
	}
	result, err := engine.Run(ctx, request)
	if err != nil {
		return 1, err
	}
	return result.ExitStatus, engine.Close(ctx)
}

func newRequest(args []string) (bridge.Request, bool) {
	switch {
	case len(args) >= 2 && args[0] == "-r":
		return bridge.Request{Code: args[1], Args: args[2:]}, true
	case len(args) >= 1 && args[0] != "-r":
		return bridge.Request{File: args[0], Args: args[1:]}, true
	}
	return bridge.Request{}, false
}
