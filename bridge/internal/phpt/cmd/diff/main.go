// Command diff runs .phpt files with two php-compatible command lines and reports every difference between what they
// print that is not listed, and every listed one that does not occur.
//
//	diff [-run REGEXP] [-min 150] [-v] FOLDER PHP OTHER [ARGUMENT...]
//
// The arguments go to both commands. The list is differences.txt in the folder. The exit status is 0 when all is as
// listed, 1 when it is not, 2 when nothing could be run.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"

	"github.com/phpsock/phpsock/bridge/internal/phpt"
)

func main() {
	only := flag.String("run", "", "only the cases whose name matches this `regexp`; -min does not count then")
	atLeast := flag.Int("min", 150, "how many cases must run on both")
	verbose := flag.Bool("v", false, "also print the listed differences and what was skipped")
	flag.Parse()
	if flag.NArg() < 3 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	problems, err := run(ctx, flag.Args(), *only, *atLeast, *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if problems > 0 {
		os.Exit(1)
	}
}

// run prints the outcomes in the order of the files and gives the number of problems.
func run(ctx context.Context, args []string, only string, atLeast int, verbose bool) (int, error) {
	pattern, err := regexp.Compile(only)
	if err != nil {
		return 0, fmt.Errorf("diff: -run: %w", err)
	}
	cases, err := phpt.Load(args[0])
	if err != nil {
		return 0, err
	}
	listed, err := phpt.LoadDifferences(filepath.Join(args[0], "differences.txt"), cases)
	if err != nil {
		return 0, err
	}
	scratch, err := os.MkdirTemp("", "diff-")
	if err != nil {
		return 0, fmt.Errorf("diff: %w", err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	cases = slices.DeleteFunc(cases, func(c *phpt.Case) bool { return !pattern.MatchString(c.Name) })
	command := func(binary string) []string { return append([]string{binary}, args[3:]...) }
	outcomes := phpt.Compare(ctx, cases, command(args[1]), command(args[2]), scratch, listed)
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("diff: %w", err)
	}
	problems, ran := report(outcomes, verbose)
	if only == "" && ran < atLeast {
		fmt.Printf("only %d cases took part, not %d\n", ran, atLeast)
		problems++
	}
	return problems, nil
}

// report prints what is not as it should be and a line of totals.
func report(outcomes []*phpt.Outcome, verbose bool) (problems, ran int) {
	differ := 0
	for _, o := range outcomes {
		if o.Skipped == "" {
			ran++
		}
		if o.Diff != "" {
			differ++
		}
		switch err := o.Problem(); {
		case err != nil:
			problems++
			fmt.Println(err)
		case verbose && o.Skipped != "":
			fmt.Printf("SKIP %s (%s)\n", o.Case.Name, o.Skipped)
		case verbose && o.Diff != "":
			fmt.Printf("DIFF %s (%s)\n%s", o.Case.Name, o.Listed, o.Diff)
		}
	}
	fmt.Printf("%d compared, %d differ, %d problems, %d skipped\n", ran, differ, problems, len(outcomes)-ran)
	return problems, ran
}
