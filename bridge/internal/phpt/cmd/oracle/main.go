// Command oracle runs .phpt files with a php-compatible command line and reports every outcome other than a pass.
//
//	oracle [-run REGEXP] [-timeout 10s] [-v] FOLDER PHP [ARGUMENT...]
//
// The exit status is 0 when no file failed, 1 when one did, 2 when nothing could be run.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/phpsock/phpsock/bridge/internal/phpt"
)

func main() {
	only := flag.String("run", "", "only the cases whose name matches this `regexp`")
	limit := flag.Duration("timeout", 20*time.Second, "time limit for each script")
	verbose := flag.Bool("v", false, "also print what passed, with its time")
	flag.Parse()
	if flag.NArg() < 2 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	failed, err := run(ctx, flag.Arg(0), flag.Args()[1:], *only, *limit, *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if failed > 0 {
		os.Exit(1)
	}
}

// run prints the outcomes in the order of the files and gives the number of failures.
func run(ctx context.Context, dir string, php []string, only string, limit time.Duration, verbose bool) (int, error) {
	pattern, err := regexp.Compile(only)
	if err != nil {
		return 0, fmt.Errorf("oracle: -run: %w", err)
	}
	all, err := phpt.Load(dir)
	if err != nil {
		return 0, err
	}
	scratch, err := os.MkdirTemp("", "oracle-")
	if err != nil {
		return 0, fmt.Errorf("oracle: %w", err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()

	var cases []*phpt.Case
	for _, c := range all {
		if pattern.MatchString(c.Name) {
			cases = append(cases, c)
		}
	}
	if len(cases) == 0 {
		return 0, fmt.Errorf("oracle: -run: no case matches %q", only)
	}
	runner := &phpt.Runner{Command: php, Timeout: limit, Scratch: scratch}
	results := make([]phpt.Result, len(cases))
	var wait sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, c := range cases {
		free <- struct{}{}
		wait.Go(func() {
			results[i] = runner.Run(ctx, c)
			<-free
		})
	}
	wait.Wait()
	return report(cases, results, verbose), ctx.Err()
}

// report prints what did not pass and a line of totals.
func report(cases []*phpt.Case, results []phpt.Result, verbose bool) int {
	failed, passed, skipped := 0, 0, 0
	for i, result := range results {
		switch {
		case result.Status == phpt.Skipped:
			skipped++
			fmt.Printf("SKIP %s (%s)\n", cases[i].Name, result.Reason)
		case result.Err != nil:
			failed++
			fmt.Printf("%s %s: %s\n%v\n", result.Status, cases[i].Name, cases[i].Title, result.Err)
		default:
			passed++
			if verbose {
				fmt.Printf("%s %s %v\n", result.Status, cases[i].Name, result.Elapsed.Round(time.Millisecond))
			}
		}
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	return failed
}
