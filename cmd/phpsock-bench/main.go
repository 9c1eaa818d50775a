// Command phpsock-bench measures phpsock against the stock PHP with the same scripts,
// against plain C, and against Go programs that do the same with a goroutine for each
// connection; and how long a run of phpsock goes on after it was cancelled, wherever it
// waits. scripts/bench builds all of them and calls it.
//
// It says how fast things are; it never fails because they are slow.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == serveArgument {
		if err := serve(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "phpsock-bench:", err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) > 1 && os.Args[1] == dialArgument {
		if err := dial(os.Args[2:], os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "phpsock-bench:", err)
			os.Exit(1)
		}
		select {} // waits to be ended, which ends the connections
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1)
	}
}

// run measures and prints. The error tells what could not be measured.
func run(ctx context.Context, args []string, out, errs io.Writer) error {
	o, err := parse(args, errs)
	if err != nil {
		return err
	}
	if o.from != "" {
		return again(o, out)
	}
	files := raiseFileLimit()
	b := &bench{programs: o.programs, length: o.length}
	if o.busy {
		b.busy = busyGoroutines
	}
	rep := &report{Time: time.Now().UTC(), Rounds: o.rounds, Heavy: o.heavy, Length: o.length, Busy: b.busy}
	var release string
	if release, rep.Phpsock, err = versions(ctx, filepath.Join(o.bin, "phpsock")); err != nil {
		return err
	}
	if b.cpus, err = allowedCPUs(); err != nil {
		return err
	}
	b.cpus = b.cpus[:min(len(b.cpus), 2)]
	list, leftOut := affordable(chosen(o.rows, len(b.cpus)), files)
	rep.LeftOut = leftOut
	if len(list) > 0 {
		if b.php == "" {
			if b.php, err = findPHP(ctx, release); err != nil {
				return err
			}
		}
		if _, rep.PHP, err = versions(ctx, b.php); err != nil {
			return err
		}
	}
	rep.Machine = newMachine(b.cpus, files)
	if b.folder, err = os.MkdirTemp("", "phpsock-bench"); err != nil {
		return err
	}
	defer os.RemoveAll(b.folder)
	if slices.ContainsFunc(list, func(r row) bool { return r.tls }) {
		if err := writeCertificates(b.folder); err != nil {
			return err
		}
	}

	var failed error
	rep.Rows, failed = b.all(ctx, list, o, errs)
	if waiting := chosenWaits(o.rows); len(waiting) > 0 && ctx.Err() == nil {
		fmt.Fprintf(errs, "bench: %d rounds of cancels\n", o.cancels)
		var err error
		rep.Cancels, err = b.cancelAll(ctx, waiting, o.rows, o.cancels)
		failed = errors.Join(failed, err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if failed != nil {
		rep.Failures = []string{failed.Error()}
	}
	return errors.Join(failed, rep.tell(o.outputs, out))
}

// again writes an earlier result.
func again(o options, out io.Writer) error {
	content, err := os.ReadFile(o.from)
	if err != nil {
		return err
	}
	var rep report
	if err := json.Unmarshal(content, &rep); err != nil {
		return fmt.Errorf("bench: %s: %w", o.from, err)
	}
	return rep.tell(o.outputs, out)
}

// all measures the rows. Within a round their order is random, and within a row that of
// the subjects: so what else the machine does hits all alike.
func (b *bench) all(ctx context.Context, list []row, o options, progress io.Writer) ([]result, error) {
	var failed error
	measured := make(map[string]map[string]series)
	var lines []row
	for _, r := range list {
		lines = append(lines, r.lines()...)
	}
	for _, line := range lines {
		measured[line.name] = make(map[string]series)
	}
	for round := 1; round <= o.rounds && len(list) > 0; round++ {
		fmt.Fprintf(progress, "bench: round %d of %d\n", round, o.rounds)
		for _, i := range rand.Perm(len(list)) {
			r := list[i]
			if r.heavy && round > o.heavy {
				continue
			}
			for _, j := range rand.Perm(len(subjectNames)) {
				subject := subjectNames[j]
				measurements, err := b.measure(ctx, r, subject)
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				if err != nil {
					failed = errors.Join(failed, fmt.Errorf("bench: %s, %s: %w", r.name, subject, err))
				}
				for i, m := range measurements {
					m.Round = round
					line := r.lines()[i].name
					measured[line][subject] = append(measured[line][subject], m)
				}
			}
		}
	}
	var results []result
	for _, line := range lines {
		results = append(results, newResult(line, measured[line.name]))
	}
	return results, failed
}
