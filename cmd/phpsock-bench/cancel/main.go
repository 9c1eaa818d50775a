// Command cancel measures how long a run goes on after its context was cancelled, for
// everything that package waits lists:
//
//	PHPSOCK_BENCH_BUSY=N cancel ROUNDS REGEXP
//
// It prints a line of JSON for each measurement, a [waits.Measured]. Within a round the
// order is random. What was not ended once is not tried again.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"time"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/cmd/phpsock-bench/busy"
	"github.com/phpsock/phpsock/cmd/phpsock-bench/waits"
)

func main() {
	n, _ := strconv.Atoi(os.Getenv("PHPSOCK_BENCH_BUSY"))
	busy.Start(n)
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cancel:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) != 2 {
		return errors.New("usage: cancel ROUNDS REGEXP")
	}
	rounds, err := strconv.Atoi(args[0])
	if err != nil {
		return fmt.Errorf("ROUNDS: %w", err)
	}
	pattern, err := regexp.Compile(args[1])
	if err != nil {
		return fmt.Errorf("REGEXP: %w", err)
	}
	engine, err := bridge.Start(ctx, bridge.Config{Resolver: waits.Resolver{}})
	if err != nil {
		return err
	}
	var list []waits.Wait
	for _, w := range waits.All() {
		if pattern.MatchString(w.Name) {
			list = append(list, w)
		}
	}
	if err := measureAll(ctx, engine, list, rounds, json.NewEncoder(out)); err != nil {
		return err
	}
	return engine.Close(ctx)
}

// measureAll prints the measurements as they come. The error is the printing's, or ctx's.
func measureAll(ctx context.Context, e *bridge.Engine, list []waits.Wait, rounds int, out *json.Encoder) error {
	// Nothing ends this script, and so nothing ends the engine: there is only one way out.
	hopeless := func(m waits.Measured) {
		_ = out.Encode(m)
		fmt.Fprintf(os.Stderr, "cancel: %s: the script cannot be stopped\n", m.Name)
		os.Exit(1)
	}
	spoilt := make([]bool, len(list))
	for round := 1; round <= rounds; round++ {
		for _, i := range rand.Perm(len(list)) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if spoilt[i] {
				continue
			}
			m := waits.Measured{Name: list[i].Name, Round: round}
			watchdog := time.AfterFunc(3*waits.Late, func() { hopeless(m) })
			var err error
			m.Latency, m.Ended, err = measure(ctx, e, list[i])
			watchdog.Stop()
			if err != nil {
				m.Failure = err.Error()
			}
			spoilt[i] = !m.Ended
			if err := out.Encode(m); err != nil {
				return err
			}
		}
	}
	return nil
}
