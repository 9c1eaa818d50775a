// Command host runs a PHP script as cmd/phpsock does, in a program whose
// goroutines are busy with something else:
//
//	PHPSOCK_BENCH_BUSY=N host FILE [ARGUMENT...]
//	PHPSOCK_BENCH_BUSY=N host -r CODE [ARGUMENT...]
//
// Or it tells what such a program waits for PHP, in milliseconds until an engine runs, and
// in microseconds for a run with nothing in it, with how many there were in MS
// milliseconds, after "ready":
//
//	PHPSOCK_BENCH_BUSY=N host -engine
//	PHPSOCK_BENCH_BUSY=N host -runs MS
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
	ctx := context.Background()
	switch {
	case len(args) == 1 && args[0] == "-engine":
		busy.Start(n)
		return 0, timeEngine(ctx)
	case len(args) == 2 && args[0] == "-runs":
		busy.Start(n)
		return 0, timeRuns(ctx, args[1])
	}
	request, ok := newRequest(args)
	if !ok {
		return 2, errors.New("usage: host FILE [ARGUMENT...] | host -r CODE [ARGUMENT...] | host -engine | host -runs MS")
	}
	busy.Start(n)
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
