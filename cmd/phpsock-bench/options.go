package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// options are the command line's.
type options struct {
	programs
	rows    *regexp.Regexp
	rounds  int
	heavy   int // rounds of the rows that take seconds
	cancels int // rounds of cancelling
	length  time.Duration
	busy    bool
	from    string // a result to write anew, instead of measuring
	outputs []string
}

// The two sizes of a run.
const (
	rounds, length           = 5, 300 * time.Millisecond
	quickRounds, quickLength = 3, 50 * time.Millisecond
	quickHeavyRounds         = 1
	cancelRounds             = 30
	quickCancelRounds        = 5
	// Beside busy goroutines those take several times as long, and are to end within the
	// ten minutes, too.
	busyHeavyRounds, busyCancelRounds = 2, 10
	busyGoroutines                    = 2
)

func parse(args []string, errs io.Writer) (options, error) {
	o := options{rounds: rounds, heavy: rounds, length: length, cancels: cancelRounds}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(errs)
	quick := flags.Bool("quick", false, "fewer and shorter rounds: within a minute, with -busy within four")
	flags.BoolVar(&o.busy, "busy", false, "with two goroutines that compute beside the work, inside the phpsock process")
	n := flags.Int("rounds", 0, "how many `rounds` (default 5, of cancels 30)")
	pattern := flags.String("row", "", "only rows whose names match `REGEXP`")
	flags.Func("o", "write the result to `FILE`.json, FILE.md or, as a picture of what grows with the connections, "+
		"FILE.svg; may be repeated", func(path string) error {
		if !slices.Contains([]string{".json", ".md", ".svg"}, filepath.Ext(path)) {
			return errors.New("neither .json nor .md nor .svg")
		}
		o.outputs = append(o.outputs, path)
		return nil
	})
	flags.StringVar(&o.from, "from", "", "measure nothing, take the result of an earlier -o `FILE.json`")
	flags.StringVar(&o.php, "php", "", "the stock `PHP` (default: the one of the release that phpsock has)")
	flags.StringVar(&o.bin, "bin", "", "the `folder` of phpsock, host, cancel, peer and plain, as scripts/bench builds them")
	flags.StringVar(&o.scripts, "scripts", "testdata/bench", "the `folder` of the PHP scripts")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if *quick {
		o.rounds, o.heavy, o.length, o.cancels = quickRounds, quickHeavyRounds, quickLength, quickCancelRounds
	}
	if o.busy {
		o.heavy, o.cancels = min(o.heavy, busyHeavyRounds), min(o.cancels, busyCancelRounds)
	}
	if *n > 0 {
		o.rounds, o.heavy, o.cancels = *n, *n, *n
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
