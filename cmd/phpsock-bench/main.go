// Command phpsock-bench measures phpsock against the stock PHP with the same scripts,
// against plain C, and against Go programs that do the same with a goroutine for each
// connection; and how long a run of phpsock goes on after it was cancelled, wherever it
// waits. scripts/bench builds all of them and calls it.
//
// It says how fast things are; it never fails because they are slow.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
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
	raiseFileLimit()
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

// raiseFileLimit lets the subjects open as many sockets as the system allows. Go's own
// raise does not reach child processes, one by hand does.
func raiseFileLimit() {
	const wanted = 1 << 16
	if syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: wanted, Max: wanted}) == nil {
		return // as root
	}
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil {
		limit.Cur = limit.Max
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit) // rows that need more will say so
	}
}

// options are the command line's.
type options struct {
	programs
	rows    *regexp.Regexp
	rounds  int
	cancels int // rounds of cancelling
	length  time.Duration
	busy    bool
	outputs []string
}

// The two sizes of a run.
const (
	rounds, length           = 5, 300 * time.Millisecond
	quickRounds, quickLength = 3, 70 * time.Millisecond
	cancelRounds             = 30
	quickCancelRounds        = 5
	busyGoroutines           = 2
)

func parse(args []string, errs io.Writer) (options, error) {
	o := options{rounds: rounds, length: length, cancels: cancelRounds}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(errs)
	quick := flags.Bool("quick", false, "fewer and shorter rounds: within a minute")
	flags.BoolVar(&o.busy, "busy", false, "with two goroutines that compute beside the work, inside the phpsock process")
	n := flags.Int("rounds", 0, "how many `rounds` (default 5, of cancels 30)")
	pattern := flags.String("row", "", "only rows whose names match `REGEXP`")
	flags.Func("o", "write the result to `FILE`.json or FILE.md; may be repeated", func(path string) error {
		if ext := filepath.Ext(path); ext != ".json" && ext != ".md" {
			return errors.New("neither .json nor .md")
		}
		o.outputs = append(o.outputs, path)
		return nil
	})
	flags.StringVar(&o.php, "php", "", "the stock `PHP` (default: the one of the release that phpsock has)")
	flags.StringVar(&o.bin, "bin", "", "the `folder` of phpsock, host, cancel, peer and plain, as scripts/bench builds them")
	flags.StringVar(&o.scripts, "scripts", "testdata/bench", "the `folder` of the PHP scripts")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if *quick {
		o.rounds, o.length, o.cancels = quickRounds, quickLength, quickCancelRounds
	}
	if *n > 0 {
		o.rounds, o.cancels = *n, *n
	}
	var err error
	if o.rows, err = regexp.Compile(*pattern); err != nil {
		return options{}, fmt.Errorf("bench: -row: %w", err)
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("bench: what is %q?", flags.Arg(0))
	}
	o.self, err = os.Executable()
	return o, err
}

// run measures and prints. The error tells what could not be measured.
func run(ctx context.Context, args []string, out, errs io.Writer) error {
	o, err := parse(args, errs)
	if err != nil {
		return err
	}
	b := &bench{programs: o.programs, length: o.length}
	if o.busy {
		b.busy = busyGoroutines
	}
	rep := &report{Time: time.Now().UTC(), Rounds: o.rounds, Length: o.length, Busy: b.busy}
	var release string
	if release, rep.Phpsock, err = versions(ctx, filepath.Join(o.bin, "phpsock")); err != nil {
		return err
	}
	if b.cpus, err = allowedCPUs(); err != nil {
		return err
	}
	b.cpus = b.cpus[:min(len(b.cpus), 2)]
	list := chosen(o.rows, len(b.cpus))
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
	rep.Machine = newMachine(b.cpus)
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
	rep.Rows, failed = b.all(ctx, list, o.rounds, errs)
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
	fmt.Fprint(out, rep.text())
	for _, path := range o.outputs {
		failed = errors.Join(failed, rep.write(path))
	}
	return failed
}

// chosen are the rows that match and that there are processors for.
func chosen(pattern *regexp.Regexp, cpus int) []row {
	var list []row
	for _, r := range rows() {
		matches := func(line row) bool { return pattern.MatchString(line.name) }
		if r.cpus <= cpus && slices.ContainsFunc(r.lines(), matches) {
			list = append(list, r)
		}
	}
	return list
}

// all measures the rows. Within a round their order is random, and within a row that of
// the subjects: so what else the machine does hits all alike.
func (b *bench) all(ctx context.Context, list []row, rounds int, progress io.Writer) ([]result, error) {
	var failed error
	measured := make(map[string]map[string]series)
	var lines []row
	for _, r := range list {
		lines = append(lines, r.lines()...)
	}
	for _, line := range lines {
		measured[line.name] = make(map[string]series)
	}
	for round := 1; round <= rounds && len(list) > 0; round++ {
		fmt.Fprintf(progress, "bench: round %d of %d\n", round, rounds)
		for _, i := range rand.Perm(len(list)) {
			r := list[i]
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
